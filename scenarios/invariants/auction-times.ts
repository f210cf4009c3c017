/**
 * When an auction is open: from its opening for as long as the opening said. Both are bounded by the clients' own times and that duration, so no clock of a
 * process is needed: it closes at the earliest the duration after the request for it began, and at the latest the duration after that was answered.
 */
import type { Finding } from '../../reports/checkers/checker.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Dealings } from './dealings.ts';

/** Two clocks measure the duration, in whole milliseconds. */
const roundingMs = 10;

interface Close {
  readonly opening: Operation;
  readonly earliestMs: number;
  readonly latestMs: number;
}

function closeOf(openings: readonly Operation[]): Close | null {
  const opening = openings.find(({ type }) => type === 'ok');
  const durationMs = opening?.value['durationMs'];
  if (opening === undefined || typeof durationMs !== 'number') return null;
  return {
    opening,
    earliestMs: opening.startedMs + durationMs - roundingMs,
    latestMs: opening.endedMs + durationMs + roundingMs,
  };
}

/** Bids that were taken when it was over, and a settlement before it was. */
export function auctionTimeFindings(id: string, { openings, bids, settlements }: Dealings): Finding[] {
  const close = closeOf(openings);
  if (close === null) return [];
  const late = bids.filter(
    ({ type, startedMs, value }) =>
      type === 'ok' && value['outcome'] === 'applied' && startedMs > close.latestMs,
  );
  const early = settlements.filter(({ type, endedMs }) => type === 'ok' && endedMs < close.earliestMs);
  return [
    ...late.map((bid) =>
      finding(
        `a bid of ${String(bid.value['amount'])} gold on auction ${id} was taken ${Math.round(bid.startedMs - close.latestMs)} ms or more after it had closed`,
        [close.opening, bid],
      ),
    ),
    ...early.map((settlement) =>
      finding(
        `auction ${id} was settled ${Math.round(close.earliestMs - settlement.endedMs)} ms or more before it closed`,
        [close.opening, settlement],
      ),
    ),
  ];
}

/** Auctions of one item that were open at the same time: the second was opened before the first could have closed. */
export function soldTwice(dealings: ReadonlyMap<string, Dealings>): Finding[] {
  const closes = [...dealings].flatMap(([id, { openings }]) => {
    const close = closeOf(openings);
    return close === null ? [] : [{ id, ...close }];
  });
  const byItem = Map.groupBy(
    closes,
    ({ opening: { value } }) => `${String(value['sessionId'])}:i${String(value['item'])}`,
  );
  return [...byItem].flatMap(([item, own]) => {
    const inOrder = own.toSorted((left, right) => left.opening.startedMs - right.opening.startedMs);
    return inOrder.flatMap((first, index) =>
      inOrder
        .slice(index + 1)
        .filter((second) => second.opening.endedMs < first.earliestMs)
        .map((second) =>
          finding(`item ${item} was up for auction twice at once, in ${first.id} and in ${second.id}`, [
            first.opening,
            second.opening,
          ]),
        ),
    );
  });
}

function finding(summary: string, operations: Operation[]): Finding {
  return { definite: true, witness: () => ({ summary, operations, facts: {} }) };
}
