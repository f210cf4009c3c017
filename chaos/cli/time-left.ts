/** How long the rest of the cells may take, told from those that have ended. Pure. */

/** Null until a cell has ended. `elapsedMs` counts from the start of the first. */
export function timeLeftMs(elapsedMs: number, ended: number, total: number): number | null {
  if (ended === 0 || total === 0) return null;
  return (elapsedMs / ended) * Math.max(0, total - ended);
}

export function describeTimeLeft(leftMs: number): string {
  const seconds = Math.round(leftMs / 1_000);
  if (seconds < 60) return `about ${Math.max(5, Math.ceil(seconds / 5) * 5)} s left`;
  return `about ${Math.round(seconds / 60)} min left`;
}
