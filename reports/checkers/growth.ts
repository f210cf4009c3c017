/**
 * What the target keeps grows no faster than its work: keys in Redis, documents, and connections to each store. Without limits of your own it judges
 * by generous ones, which a connection for each request or a loop that writes for ever exceeds.
 */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';

/** At most `fixed` and `perOperation` for each operation that took or may have taken effect; 0 when absent. */
export interface GrowthLimit {
  readonly fixed?: number;
  readonly perOperation?: number;
}

export interface GrowthOptions extends Partial<Identity> {
  /** Keys that were added to Redis, by a pattern of their names, such as `session:*`. */
  readonly keys?: Readonly<Record<string, GrowthLimit>>;
  /** Documents that were added to a collection; `*` stands for all collections together. */
  readonly documents?: Readonly<Record<string, GrowthLimit>>;
  /** Connections that each process has open to one store at the end; 200 when absent. */
  readonly connections?: number;
}

const usual: GrowthLimit = { fixed: 1_000, perOperation: 50 };
/** Above what drivers keep in a pool: 100 by the one of MongoDB. */
const connectionsUsual = 200;

export function growth(options: GrowthOptions = {}): Rule {
  const { invariant = 'growth', title = 'What is kept grows no faster than the work' } = options;
  const { keys = { '*': usual }, documents = { '*': usual }, connections = connectionsUsual } = options;
  return ruleOf({ invariant, title }, 'always', {}, (history, evidence) => {
    const operations = history.filter(({ type }) => type !== 'fail');
    const counts = [
      ...Object.entries(keys).map(([pattern, limit]) => ({
        what: `keys ${pattern}`,
        count: countKeys(evidence, pattern),
        limit,
      })),
      ...Object.entries(documents).map(([collection, limit]) => ({
        what: `documents of ${collection === '*' ? 'all collections' : collection}`,
        count: countAdded(evidence, collection),
        limit,
      })),
    ];
    const open = evidence.connections ?? [];
    return {
      findings: [
        ...counts.flatMap(({ what, count, limit }) => tooMany(what, count, limit, operations)),
        ...open
          .filter(({ open: count }) => count > connections)
          .map(({ instance, store, open: count }) =>
            finding(
              `${instance} has ${count} connections to ${store} open at the end; ${connections} are allowed`,
              { instance, store, found: count, expectedMost: connections },
            ),
          ),
      ],
      checked: [
        ...counts.map(({ what, count }) => `${count} ${what}`),
        `${open.reduce((most, { open: count }) => Math.max(most, count), 0)} connections of a process to a store`,
      ].join(', '),
      missing: null,
    };
  });
}

function tooMany(
  what: string,
  count: number,
  { fixed = 0, perOperation = 0 }: GrowthLimit,
  operations: readonly Operation[],
): Finding[] {
  const most = fixed + perOperation * operations.length;
  if (count <= most) return [];
  return [
    finding(`${count} ${what} after ${operations.length} operations; ${most} are allowed`, {
      found: count,
      expectedMost: most,
      operations: operations.length,
    }),
  ];
}

/** Keys that were not there before the load; what was seeded is not known of older runs. */
function countKeys({ cache, initialKeys = [] }: Evidence, pattern: string): number {
  const seeded = new Set(initialKeys);
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const matching = new RegExp(`^${parts.join('.*')}$`, 's');
  return cache.filter(({ key }) => matching.test(key) && !seeded.has(key)).length;
}

function countAdded({ database, initial = {} }: Evidence, collection: string): number {
  const sizeIn = (documents: Evidence['database']): number =>
    collection === '*'
      ? Object.values(documents).reduce((sum, own) => sum + own.length, 0)
      : (documents[collection]?.length ?? 0);
  return sizeIn(database) - sizeIn(initial);
}

function finding(summary: string, facts: Record<string, unknown>): Finding {
  return { definite: true, witness: () => ({ summary, operations: [], facts }) };
}
