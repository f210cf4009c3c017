/** Waiting with promises: apart, because a script with calls that block must not have promises as well. */
export function sleepMs(durationMs: number): Promise<void> {
  return new Promise<void>((resolve) => setTimeout(resolve, durationMs));
}
