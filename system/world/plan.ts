/** What is asked for of a world, and the small things that all its documents share. */
import type { SeededRandom } from '../random.ts';

export interface WorldPlan {
  readonly sessionId: string;
  readonly seed: string;
  readonly generals: number;
  readonly cities: number;
  readonly nations: number;
  readonly turnPeriodMs: number;
  /** Items, battles and pairs of nations that begin as allies or enemies; none when absent. */
  readonly items?: number;
  readonly battles?: number;
  readonly relations?: number;
  readonly tournaments?: number;
  /** Time until the battles end, and between the rounds of tournaments. */
  readonly battleDurationMs?: number;
  /** Wall clock of the making; the first turn is due one period later. */
  readonly nowMs: number;
}

export function common(plan: WorldPlan, id: string, random: SeededRandom) {
  return {
    _id: id,
    session_id: plan.sessionId,
    version: 1,
    write_id: random.uuid(),
    updated_at: new Date(plan.nowMs),
  };
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Names in their order; from the second round on with the round's number. */
export function repeatedName(names: readonly string[], number: number): string {
  const round = Math.floor((number - 1) / names.length);
  const name = names[(number - 1) % names.length] ?? '';
  return round === 0 ? name : `${name} ${round + 1}`;
}
