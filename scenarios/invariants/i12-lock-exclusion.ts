/**
 * I12: two holders never both apply writes under one lock. Every holder draws a fencing token above all earlier ones, and
 * his writes carry it. So in the order in which the database took the writes, tokens never go back: one that does is the write of a
 * holder whom another had already replaced. And work that left no token could have been anybody's.
 */
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence, FencedWrites } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, groupBySession, nameOf, numberOf } from './documents.ts';
import { unfencedEffects } from './unfenced-effects.ts';

const identity = { invariant: 'I12', title: 'Two holders never both apply writes under one lock' };
const operationsShownMax = 6;

type Write = FencedWrites['writes'][number];

export const lockExclusion: Checker = {
  ...identity,
  check: (history, evidence) => {
    const { writes, gaps } = evidence.fencedWrites ?? { writes: [], gaps: 0 };
    const holders = new Set(writes.map(({ lock, token }) => `${lock} ${token}`)).size;
    const locks = new Set(writes.map(({ lock }) => lock)).size;
    const unfenced = unfencedEffects(history, evidence);
    return conclude(identity, 'always', evidence, {
      findings: [...orderFindings(writes, history), ...logFindings(evidence), ...unfenced.findings],
      checked: `${holders} holders of ${locks} locks wrote one after the other${unfenced.effects > 0 ? `, and ${unfenced.effects} changes carried their token` : ''}${gaps > 0 ? `, as far as was seen: the database was away ${gaps} times` : ''}`,
      missing: missingReason(evidence, holders, locks),
    });
  },
};

function missingReason({ fencedWrites }: Evidence, holders: number, locks: number): string | null {
  if (fencedWrites === undefined) return 'the order of the writes under locks was not recorded';
  return holders <= locks ? 'no lock had two holders who wrote' : null;
}

function orderFindings(writes: readonly Write[], history: readonly Operation[]): Finding[] {
  const newest = new Map<string, Write>();
  const findings: Finding[] = [];
  for (const write of writes) {
    const before = newest.get(write.lock);
    if (before === undefined || write.token >= before.token) {
      newest.set(write.lock, write);
      continue;
    }
    findings.push({
      definite: true,
      witness: () => ({
        summary: `under ${write.lock} the holder with token ${write.token} wrote ${write.document} after the one with token ${before.token} had written ${before.document}`,
        operations: history
          .filter(
            ({ f, startedMs, endedMs }) => f === 'turn' && startedMs <= write.atMs && endedMs >= before.atMs,
          )
          .slice(0, operationsShownMax),
        facts: { lock: write.lock, replacedHolder: write, newerHolder: before },
      }),
    });
  }
  return findings;
}

/** A turn that was logged under an older token than the turn before it was processed by a holder replaced long ago. */
function logFindings(evidence: Evidence): Finding[] {
  const bySession = groupBySession(documentsOf(evidence, 'turn_log'));
  return [...bySession].flatMap(([session, entries]) => {
    const inOrder = entries.toSorted((left, right) => numberOf(left, 'turn') - numberOf(right, 'turn'));
    return inOrder.flatMap((entry, index) => {
      const previous = inOrder[index - 1];
      if (typeof entry['token'] !== 'number' || typeof previous?.['token'] !== 'number') return [];
      if (entry['token'] > previous['token']) return [];
      return [
        {
          definite: true,
          witness: () => ({
            summary: `turn ${numberOf(entry, 'turn')} of ${session} was logged with token ${String(entry['token'])}, and the turn before it with token ${String(previous['token'])}`,
            operations: [],
            facts: { session, entry: nameOf(entry), token: entry['token'], before: previous['token'] },
          }),
        },
      ];
    });
  });
}
