/** `Date` on another clock. Its prototype is that of the real one, so that a date is a date in every process. */
export function makeDate(nowMs: () => number): DateConstructor {
  function OwnDate(this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return new Date(nowMs()).toString();
    return Reflect.construct(Date, args.length === 0 ? [nowMs()] : args, new.target);
  }
  Object.defineProperty(OwnDate, 'prototype', { value: Date.prototype });
  Object.defineProperty(OwnDate, 'name', { value: 'Date' });
  return Object.assign(OwnDate, {
    now: nowMs,
    parse: Date.parse,
    UTC: Date.UTC,
  }) as unknown as DateConstructor;
}
