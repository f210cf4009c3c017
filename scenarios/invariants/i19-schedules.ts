/**
 * I19: what is due by time happens neither early nor in bursts. All times compared are of the database's clock, which decides what is due: the token of a turn is
 * the time at which it was begun, and closing and settlement of an auction are both stamped by it.
 */
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, groupBySession, isRecord, nameOf, numberOf, type Document } from './documents.ts';

const identity = { invariant: 'I19', title: 'What is due happens neither early nor in bursts' };

/** Tokens and times are rounded to milliseconds. */
const roundingMs = 5;

export const schedules: Checker = {
  ...identity,
  check: (_history, evidence) => {
    const settled = documentsOf(evidence, 'auctions').filter((one) => isRecord(one['settlement']));
    const turns = turnsOfProcessors(evidence);
    return conclude(identity, 'always', evidence, {
      findings: [
        ...settled.flatMap(settledEarly),
        ...turns.flatMap(({ periodMs, entries }) => bursts(entries, periodMs)),
      ],
      checked: `${turns.reduce((sum, { entries }) => sum + entries.length, 0)} turns of processors kept their period, and ${settled.length} auctions were settled after their time`,
      missing: null,
    });
  },
};

interface Turns {
  readonly periodMs: number;
  readonly entries: readonly Document[];
}

/** Turns that a client asked for may be early, and leave the schedule as it is. */
function turnsOfProcessors(evidence: Evidence): Turns[] {
  const periods = new Map(
    documentsOf(evidence, 'sessions').map((session) => [nameOf(session), session['turn_period_ms']]),
  );
  return [...groupBySession(documentsOf(evidence, 'turn_log'))].flatMap(([session, entries]) => {
    const periodMs = periods.get(session);
    if (typeof periodMs !== 'number') return [];
    const own = entries.filter(({ by }) => typeof by === 'string' && by.startsWith('turn-processor'));
    return [
      { periodMs, entries: own.toSorted((left, right) => numberOf(left, 'turn') - numberOf(right, 'turn')) },
    ];
  });
}

/**
 * A turn is due a period after the last was due, or, when that has passed already, a period from its end. So a late turn may be followed by another soon, but of
 * any three the last begins a period after the first at the earliest.
 */
function bursts(entries: readonly Document[], periodMs: number): Finding[] {
  return entries.flatMap((last, index) => {
    const first = entries[index - 2];
    if (first === undefined) return [];
    const tookMs = numberOf(last, 'token') - numberOf(first, 'token');
    if (tookMs >= periodMs - roundingMs) return [];
    return [
      {
        definite: true,
        witness: () => ({
          summary: `turns ${numberOf(first, 'turn')} to ${numberOf(last, 'turn')} of ${String(last['session_id'])} began within ${tookMs} ms, and a turn is due every ${periodMs} ms`,
          operations: [],
          facts: { periodMs, tookMs, turns: entries.slice(index - 2, index + 1) },
        }),
      },
    ];
  });
}

function settledEarly(auction: Document): Finding[] {
  const settlement = isRecord(auction['settlement']) ? auction['settlement'] : {};
  const closesMs = timeOf(auction['closes_at']);
  const settledMs = timeOf(settlement['settled_at']);
  if (closesMs === null || settledMs === null || settledMs >= closesMs) return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary: `auction ${nameOf(auction)} was settled ${closesMs - settledMs} ms before it closed`,
        operations: [],
        facts: { closesAt: auction['closes_at'], settlement },
      }),
    },
  ];
}

function timeOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
