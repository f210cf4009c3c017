/**
 * Work under a lock that left no trace of its fencing token, so that nobody would have noticed had its lock been lost. A compound operation counts
 * `uses` of its lock's row in `fences` up in the transaction that does the work, so at rest a lock has been used at least as often as there are
 * effects that come of nothing but such a transaction. What else counts `uses` up, such as a settlement that found its auction settled,
 * is not known, and a transaction without a token may hide behind it.
 */
import { numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, isRecord, nameOf, numberOf, textOf, type Document } from './documents.ts';

const shownMax = 6;
const namedMax = 3;

interface Effect {
  readonly lock: string;
  readonly what: string;
  /** Which told of it; the others are in the documents. */
  readonly operation?: Operation;
}

/** `effects`: how many had to be fenced. None is looked at when the system was at work while it was read. */
export function unfencedEffects(
  history: readonly Operation[],
  evidence: Evidence,
): { readonly effects: number; readonly findings: readonly Finding[] } {
  if (evidence.quiescedMs === null) return { effects: 0, findings: [] };
  const effects = [...settlements(evidence), ...endsOfBattles(evidence), ...occupations(history)];
  const uses = new Map(documentsOf(evidence, 'fences').map((fence) => [nameOf(fence), usesOf(fence)]));
  const byLock = Map.groupBy(effects, ({ lock }) => lock);
  const decided = documentsOf(evidence, 'tournaments').filter((one) => numberOf(one, 'round') > 0);
  return {
    effects: effects.length + decided.length,
    findings: [
      ...[...byLock].flatMap(([lock, own]) => usedTooSeldom(lock, own, uses.get(lock) ?? 0)),
      ...decided.flatMap(withoutToken),
    ],
  };
}

function usesOf(fence: Document): number {
  return fence['uses'] === undefined ? 0 : numberOf(fence, 'uses');
}

function usedTooSeldom(lock: string, effects: readonly Effect[], uses: number): Finding[] {
  if (uses >= effects.length) return [];
  const whats = effects.map(({ what }) => what);
  return [
    {
      definite: false,
      witness: () => ({
        summary: `at least ${effects.length - uses} of ${effects.length} changes under ${lock} left out its fencing token: ${whats.slice(0, namedMax).join(', ')}`,
        operations: effects.flatMap(({ operation }) => operation ?? []).slice(0, shownMax),
        facts: { lock, expectedUsesMin: effects.length, foundUses: uses, changes: whats.slice(0, shownMax) },
      }),
    },
  ];
}

/** Rounds are decided without a transaction: the token stands in the tournament, beside the round. */
function withoutToken(tournament: Document): Finding[] {
  const round = numberOf(tournament, 'round');
  const fence = isRecord(tournament['fence']) ? tournament['fence'] : {};
  const token = fence['token'];
  if (fence['round'] === round && typeof token === 'number' && token > 0) return [];
  return [
    {
      definite: false,
      witness: () => ({
        summary: `round ${round} of ${nameOf(tournament)} was decided without a fencing token`,
        operations: [],
        facts: { tournament: nameOf(tournament), round, foundFence: tournament['fence'] ?? null },
      }),
    },
  ];
}

function settlements(evidence: Evidence): Effect[] {
  return documentsOf(evidence, 'auctions')
    .filter((auction) => isRecord(auction['settlement']))
    .map((auction) => ({
      lock: `auction:lock:${textOf(auction, 'session_id')}:${textOf(auction, 'auction')}`,
      what: `the settlement of ${nameOf(auction)}`,
    }));
}

/** Each under the lock of the battle, and under that of the city. */
function endsOfBattles(evidence: Evidence): Effect[] {
  return documentsOf(evidence, 'battles')
    .filter((battle) => battle['status'] === 'finalised')
    .flatMap((battle) => {
      const session = textOf(battle, 'session_id');
      const what = `the end of battle ${nameOf(battle)}`;
      return [
        { lock: `battle:lock:${session}:${textOf(battle, 'battle')}`, what },
        { lock: `city:lock:${session}:${numberOf(battle, 'city')}`, what },
      ];
    });
}

/** The documents tell the last one only. */
function occupations(history: readonly Operation[]): Effect[] {
  return history
    .filter(({ f, type, value }) => f === 'occupy' && type === 'ok' && value['outcome'] === 'applied')
    .map((operation) => {
      const city = numberField(operation, 'city');
      return {
        lock: `city:lock:${textField(operation, 'sessionId')}:${city}`,
        what: `an occupation of city ${city} by process ${operation.process}`,
        operation,
      };
    });
}
