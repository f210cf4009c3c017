/** Which injections of a load are likely to have caused a violation: those that acted at its witnesses. */
import type { Hit } from './behaviour.ts';
import type { Placed } from './schedule.ts';
import type { Violation } from './violation.ts';

/** Those that acted on an operation that witnesses the violation come first, then those that acted while one was under way. */
export function suspectsOf(
  hits: readonly { readonly placed: Placed; readonly hit: Pick<Hit, 'atMs' | 'operation'> }[],
  { operations: witnesses }: Pick<Violation, 'operations'>,
): readonly Placed[] {
  const distance = ({ operation, atMs }: Pick<Hit, 'atMs' | 'operation'>): number =>
    witnesses.reduce((least, { startedMs, endedMs }) => {
      if (operation?.startedMs === startedMs && operation.endedMs === endedMs) return -1;
      const apart = Math.max(0, startedMs - atMs, atMs - endedMs);
      return Math.min(least, apart);
    }, Number.POSITIVE_INFINITY);
  return hits
    .map(({ placed, hit }) => ({ placed, apartMs: distance(hit) }))
    .filter(({ apartMs }) => apartMs <= 0)
    .toSorted((one, other) => one.apartMs - other.apartMs)
    .map(({ placed }) => placed);
}
