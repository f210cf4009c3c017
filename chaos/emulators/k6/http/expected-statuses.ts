/** Which statuses count as expected: `http_req_failed` and the tag `expected_response` follow from it. */
export interface StatusMatcher {
  matches(status: number): boolean;
}

class StatusRanges implements StatusMatcher {
  readonly #ranges: readonly (readonly [from: number, to: number])[];

  constructor(ranges: readonly (readonly [from: number, to: number])[]) {
    this.#ranges = ranges;
  }

  matches(status: number): boolean {
    return this.#ranges.some(([from, to]) => status >= from && status <= to);
  }
}

export const defaultExpectedStatuses: StatusMatcher = new StatusRanges([[200, 399]]);

/** As `http.expectedStatuses(200, { min: 300, max: 399 })`. */
export function expectedStatuses(...wanted: readonly unknown[]): StatusMatcher {
  if (wanted.length === 0) throw new TypeError('no arguments');
  return new StatusRanges(
    wanted.map((entry, index) => {
      if (typeof entry === 'number' && Number.isInteger(entry)) return [entry, entry] as const;
      if (typeof entry === 'object' && entry !== null && 'min' in entry && 'max' in entry) {
        const { max, min } = entry;
        if (typeof min === 'number' && typeof max === 'number') return [min, max] as const;
      }
      throw new TypeError(
        `argument number ${index + 1} to expectedStatuses was neither an integer nor an object like {min:100, max:329}`,
      );
    }),
  );
}

export function isStatusMatcher(value: unknown): value is StatusMatcher {
  return value instanceof StatusRanges;
}
