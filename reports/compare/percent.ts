/** A share (0–1) in words, with a decimal where it is below a tenth. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
