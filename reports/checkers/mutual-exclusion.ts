/**
 * A lock has one holder at a time. Clients that take and give back locks know when they held them for certain: from the end of the acquisition to the start of
 * the release, and no longer than the lease. Writes under a lock tell it by their fencing tokens: once a newer holder has written, an older one must not.
 */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import {
  coveredFields,
  keyOfOperation,
  namesOf,
  type OfOperation,
  type OperationFilter,
  selectorOf,
} from './select.ts';

export interface HeldByClients {
  readonly acquire: OperationFilter;
  readonly release: OperationFilter;
  /** Names the lock. */
  readonly key: OfOperation;
  /** Names the holder, as the token of the acquisition does, in both operations. */
  readonly holder: OfOperation;
  /** From the start of the acquisition, after which the lock expires; never when absent. */
  readonly leaseMs?: number;
}

export interface MutualExclusionOptions extends Partial<Identity> {
  /** Locks that clients take and give back. */
  readonly clients?: HeldByClients;
  /** Writes under locks, as `fencedWrites` of the target follows them. */
  readonly fenced?: true;
}

/** Throws a RangeError when it is given neither clients nor fenced writes. */
export function mutualExclusion(options: MutualExclusionOptions): Rule {
  const { invariant = 'mutual-exclusion', title = 'A lock has one holder at a time', clients } = options;
  if (clients === undefined && options.fenced === undefined)
    throw new RangeError('mutualExclusion: give it clients or fenced: true');
  const fields = clients === undefined ? [] : coveredFields(clients.key, clients.holder);
  const names = clients === undefined ? [] : [...namesOf(clients.acquire), ...namesOf(clients.release)];
  const covers = { operations: Object.fromEntries(names.map((f) => [f, fields])) };
  return ruleOf({ invariant, title }, 'always', covers, (history, evidence) => {
    const held = clients === undefined ? [] : holdings(clients, history);
    const writes = options.fenced === true ? evidence.fencedWrites?.writes : undefined;
    return {
      findings: [...overlaps(held), ...outOfOrder(writes ?? [])],
      checked: `${held.length} holdings of clients and ${writes?.length ?? 0} writes under locks do not overlap`,
      missing:
        held.length + (writes?.length ?? 0) === 0
          ? 'no lock was held by a client, and no write under a lock was followed'
          : null,
    };
  });
}

interface Holding {
  readonly key: string;
  readonly holder: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly acquisition: Operation;
}

/** Where it was held for certain; a holding of which nothing is certain is left out. */
function holdings(options: HeldByClients, history: readonly Operation[]): Holding[] {
  const { key, holder, leaseMs = Infinity } = options;
  const named = (operation: Operation): string =>
    JSON.stringify([keyOfOperation(operation, key), keyOfOperation(operation, holder)]);
  // The first attempt counts: from then on the lock may be free, whatever became of it.
  const released = new Map<string, number>();
  for (const operation of history.filter(selectorOf(options.release))) {
    const before = released.get(named(operation)) ?? Infinity;
    released.set(named(operation), Math.min(before, operation.startedMs));
  }
  return history.filter(selectorOf(options.acquire)).flatMap((acquisition): Holding[] => {
    const lock = keyOfOperation(acquisition, key);
    const owner = keyOfOperation(acquisition, holder);
    if (acquisition.type !== 'ok' || lock === null || owner === null) return [];
    const fromMs = acquisition.endedMs;
    const toMs = Math.min(released.get(named(acquisition)) ?? Infinity, acquisition.startedMs + leaseMs);
    return toMs <= fromMs ? [] : [{ key: lock, holder: owner, fromMs, toMs, acquisition }];
  });
}

function overlaps(held: readonly Holding[]): Finding[] {
  return [...Map.groupBy(held, ({ key }) => key).values()].flatMap((own) => {
    const findings: Finding[] = [];
    let longest: Holding | undefined;
    for (const next of own.toSorted((left, right) => left.fromMs - right.fromMs)) {
      if (longest !== undefined && next.fromMs < longest.toMs && next.holder !== longest.holder)
        findings.push(heldByTwo(longest, next));
      if (longest === undefined || next.toMs > longest.toMs) longest = next;
    }
    return findings;
  });
}

function heldByTwo(one: Holding, other: Holding): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `${one.key} was held by ${one.holder} until ${until(one.toMs)}, and by ${other.holder} from ${other.fromMs} ms on`,
      operations: [one.acquisition, other.acquisition],
      facts: { lock: one.key, holders: [one.holder, other.holder] },
    }),
  };
}

function until(ms: number): string {
  return ms === Infinity ? 'the end' : `${ms} ms`;
}

function outOfOrder(writes: NonNullable<Evidence['fencedWrites']>['writes']): Finding[] {
  const newest = new Map<string, (typeof writes)[number]>();
  return writes.flatMap((write): Finding[] => {
    const before = newest.get(write.lock);
    if (before === undefined || write.token >= before.token) {
      newest.set(write.lock, write);
      return [];
    }
    return [
      {
        definite: true,
        witness: () => ({
          summary: `${write.document} was written under ${write.lock} with token ${write.token}, after ${before.document} had been with the newer token ${before.token}`,
          operations: [],
          facts: { before, write },
        }),
      },
    ];
  });
}
