/** Values of both protocols as the trace tells them: bounded, so that a large document costs no more than a small one, and readable as JSON. */

export type Readable =
  | null
  | boolean
  | number
  | string
  | readonly Readable[]
  | { readonly [name: string]: Readable };

const TEXT_MAX = 200;
const ITEMS_MAX = 20;
export const depthMax = 8;
export { ITEMS_MAX as itemsMax };

/** The beginning of a long text, with the number of what is left out. */
export function bounded(text: string): string {
  const whole = text.toWellFormed();
  return whole.length <= TEXT_MAX ? whole : `${whole.slice(0, TEXT_MAX)}… ${whole.length - TEXT_MAX} more`;
}

/** In place of items that are left out. */
export function more(count: number): string {
  return `… ${count} more`;
}
