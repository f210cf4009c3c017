/** `http.expectedStatuses`: which statuses count as expected. `http_req_failed` and a tag follow from it. */
import { GoError } from './kernel.ts';

export class ExpectedStatuses {
  readonly ranges: readonly (readonly [number, number])[];

  constructor(ranges: readonly (readonly [number, number])[]) {
    this.ranges = ranges;
  }
}

export const defaultExpected: ExpectedStatuses['ranges'] = [[200, 399]];

/** As `expectedStatuses(200, { min: 300, max: 399 })`. */
export function expectedStatuses(...wanted: readonly unknown[]): ExpectedStatuses {
  if (wanted.length === 0) throw new GoError('no arguments');
  return new ExpectedStatuses(
    wanted.map((entry, index) => {
      if (typeof entry === 'number' && Number.isInteger(entry)) return [entry, entry];
      if (typeof entry === 'object' && entry !== null && 'min' in entry && 'max' in entry) {
        const { max, min } = entry;
        if (Number.isInteger(min) && Number.isInteger(max)) return [Number(min), Number(max)];
        throw new GoError(`both min and max need to be integers for argument number ${index + 1}`);
      }
      throw new GoError(
        `argument number ${index + 1} to expectedStatuses was neither an integer nor an object like {min:100, max:329}`,
      );
    }),
  );
}
