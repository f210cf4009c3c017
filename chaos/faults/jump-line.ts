/** The line that a process logs when its clock has jumped. */
export function jumpLine(offsetMs: number): string {
  return `redcliff: the clock jumps by ${offsetMs} ms`;
}
