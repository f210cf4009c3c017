/**
 * I20: every answer keeps the contract of docs/data.md: it is about what was asked for, a failure has the status of its code and tells when to come
 * again, a request under a known key is answered as before, what must be refused is refused, and the health route tells the truth.
 */
import { statusOf } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { type EntityCollection, entityName, namePrefix } from './document-names.ts';
import { isRecord } from './documents.ts';
import { statusOfCode, passingCodes } from './error-codes.ts';

const identity = { invariant: 'I20', title: 'Every answer keeps the contract' };

/** What is wrong with an answer, in words. */
type Rule = (operation: Operation, evidence: Evidence) => string | null;

const rules: readonly Rule[] = [
  wrongIdentity,
  wrongEntries,
  (operation) => wrongFailure(operation.value),
  (operation) => wrongFailure(operation.value['again']),
  wrongProbe,
  wrongRepetition,
  wrongReuse,
  wrongHealth,
];

export const answers: Checker = {
  ...identity,
  check: (history, evidence) => {
    const findings = history.flatMap((operation) =>
      rules.flatMap((rule) => {
        const what = rule(operation, evidence);
        return what === null ? [] : [finding(operation, what)];
      }),
    );
    return conclude(identity, 'always', evidence, {
      findings: [...findings, ...missedDaemons(evidence)],
      checked: `${history.length} answers kept the contract`,
      missing: history.length === 0 ? 'no request was made' : null,
    });
  },
};

/** Sent far more often; a daemon that was killed lists for longer. */
const heartbeatMaxMs = 10_000;

/** Each running daemon, by role and instance, is listed by the health route, and gave a sign of life lately. */
function missedDaemons({ watched }: Evidence): Finding[] {
  const { processes, daemons } = watched ?? {};
  if (!Array.isArray(processes) || !Array.isArray(daemons)) return [];
  const alive = new Set(
    daemons
      .filter(isRecord)
      .filter(({ ageMs }) => typeof ageMs === 'number' && ageMs < heartbeatMaxMs)
      .map(({ name, instance }) => `${String(name)} ${String(instance)}`),
  );
  return processes.flatMap((instance): Finding[] => {
    const role = String(instance).replace(/-\d+$/, '');
    if (role === 'api' || alive.has(`${role} ${String(instance)}`)) return [];
    return [
      {
        definite: true,
        witness: () => ({
          summary: `${String(instance)} is running, and the health route does not list it with a sign of life`,
          operations: [],
          facts: { processes, daemons },
        }),
      },
    ];
  });
}

function finding(operation: Operation, what: string): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `a ${operation.f} ${what}`,
      operations: [operation],
      facts: { answer: operation.value, error: operation.error ?? null },
    }),
  };
}

/** Which entity a read is about: its collection, and the field of the operation that names it. */
const reads: Readonly<Record<string, readonly [collection: EntityCollection, field: string]>> = {
  'read-city': ['cities', 'city'],
  'read-general': ['generals', 'no'],
  'read-nation': ['nations', 'nation'],
};

/** Of a read, which shows the document that it is about. */
function wrongIdentity({ f, type, value }: Operation): string | null {
  if (type !== 'ok' || !('id' in value) || !f.startsWith('read-')) return null;
  const [collection, field = ''] = reads[f] ?? [];
  const session = String(value['sessionId']);
  const expected = collection === undefined ? session : entityName(collection, session, value[field]);
  return value['id'] === expected ? null : `asked for ${expected} and was shown ${String(value['id'])}`;
}

const listed: Readonly<Record<string, EntityCollection>> = {
  'list-cities': 'cities',
  'list-generals': 'generals',
  'list-nations': 'nations',
};

/** Of a list: each entry belongs to it. */
function wrongEntries({ f, type, value }: Operation): string | null {
  const collection = listed[f];
  const { versions } = value;
  if (type !== 'ok' || collection === undefined || !isRecord(versions)) return null;
  const begin = namePrefix(collection, value['sessionId']);
  const foreign = Object.keys(versions).find((id) => !id.startsWith(begin));
  if (foreign !== undefined) return `of ${String(value['sessionId'])} was answered with ${foreign}`;
  const count = Object.keys(versions).length;
  return value['count'] === count
    ? null
    : `of ${String(value['count'])} entries names ${count} different ones`;
}

/** `told`: what the value of an operation holds of one answer. */
function wrongFailure(told: unknown): string | null {
  if (!isRecord(told) || !('code' in told)) return null;
  const { code, status, definite, retryAfter, plain } = told;
  if (typeof code !== 'string') return `was answered ${String(status)} without a code`;
  const expected = statusOfCode.get(code);
  if (expected === undefined) return `was answered with the code ${code}, which there is not`;
  if (status !== expected) return `was answered ${String(status)} ${code}, whose status is ${expected}`;
  if (typeof definite !== 'boolean') return `was answered ${code} and not told whether that is definite`;
  if ((status === 503 || status === 504) && retryAfter !== true)
    return `was answered ${status} ${code} without Retry-After`;
  return plain === true ? null : `was answered ${code} with no message in one line of plain text`;
}

/** Not served is judged elsewhere. */
function isServed(status: unknown): boolean {
  return typeof status === 'number' && status > 0 && status < 500;
}

function wrongProbe({ f, value }: Operation): string | null {
  if (f !== 'probe' || !isServed(value['status']) || value['status'] === value['expected']) return null;
  return `for ${String(value['what'])} was answered ${String(value['status'])}, and has to be answered ${String(value['expected'])}`;
}

/** What is told of the work that others do meanwhile. */
const passing: ReadonlySet<string> = new Set(['currentRound', 'outcome', 'owed', 'status']);

/** The same request, sent again under its key after it had taken effect. */
function wrongRepetition({ type, value }: Operation): string | null {
  const { again } = value;
  if (type !== 'ok' || value['outcome'] !== 'applied' || !isRecord(again)) return null;
  if (!isServed(again['status']) || passingCodes.has(String(again['code']))) return null;
  if (again['outcome'] === 'skipped') return null;
  if ('code' in again)
    return `had been applied, and the same request under its key was answered ${String(again['code'])}`;
  if (again['outcome'] !== 'already')
    return `had been applied, and the same request under its key was answered ${String(again['outcome'])}`;
  const other = Object.keys(again).find(
    (field) => !passing.has(field) && JSON.stringify(again[field]) !== JSON.stringify(value[field]),
  );
  if (other === undefined) return null;
  return `was answered with ${other} ${String(value[other])}, and the same request under its key with ${String(again[other])}`;
}

/** Another request under the key of one that had taken effect. */
function wrongReuse({ type, value }: Operation): string | null {
  const { reused } = value;
  if (type !== 'ok' || value['outcome'] !== 'applied' || !isRecord(reused)) return null;
  const code = String(reused['code']);
  if (!isServed(reused['status']) || code === 'idempotency_key_reused' || passingCodes.has(code)) return null;
  const answer = 'code' in reused ? code : `${String(reused['status'])} ${String(reused['outcome'])}`;
  return `had been applied, and another request under its key was answered ${answer} instead of idempotency_key_reused`;
}

/** An answer of the store that was under way. */
const noticedAfterMs = 250;

const away = { mongo: ['mongo-down', 'all-down'], redis: ['redis-down', 'all-down'] } as const;

/** While a store was away from the beginning of the request to its end. */
function wrongHealth(operation: Operation, { faults }: Evidence): string | null {
  const { f, startedMs, endedMs, value } = operation;
  if (f !== 'ask-health' || statusOf(operation) === 0) return null;
  const isAway = (store: keyof typeof away) =>
    faults.some(
      ({ fault, appliedMs, healedMs }) =>
        (away[store] as readonly string[]).includes(fault) &&
        startedMs > appliedMs + noticedAfterMs &&
        endedMs < healedMs,
    );
  for (const store of ['mongo', 'redis'] as const) {
    if (isAway(store) && value[store] === 'up') return `said that ${store} is up while it was away`;
  }
  return isAway('mongo') && statusOf(operation) === 200 ? 'was answered 200 while MongoDB was away' : null;
}
