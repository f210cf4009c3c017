/** The line by which a process tells in its log that its clock has jumped. */
export function jumpLine(offsetMs: number): string {
  return `redcliff: the clock jumps by ${offsetMs} ms`;
}
