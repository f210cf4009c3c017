/** --lanes: how many cells are run at once. */
import { parseWholeNumber } from './whole-number.ts';

/** Undefined when it was not given. Throws UsageError. */
export function parseLanes(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseWholeNumber('--lanes', text, { most: 99, example: 2 });
}
