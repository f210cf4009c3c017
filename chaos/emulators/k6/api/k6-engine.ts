/** Where the engine of k6 (Sobek) differs from this one in what a script can see, the realm is made to fit. */

/** Of the language, but not of that engine. */
const absentInK6 = [
  'AsyncDisposableStack',
  'Atomics',
  'DisposableStack',
  'FinalizationRegistry',
  'Float16Array',
  'Intl',
  'Iterator',
  'SharedArrayBuffer',
  'SuppressedError',
  'WeakRef',
  'WebAssembly',
];

const absentSymbols: ReadonlySet<string> = new Set(['asyncDispose', 'asyncIterator', 'dispose', 'length', 'name', 'prototype']);

export function fitRealm(): void {
  fitDates();
  fitSymbol();
  for (const name of absentInK6) Reflect.deleteProperty(globalThis, name);
}

/** Time zones go by their abbreviation. */
function fitDates(): void {
  const { DateTimeFormat } = Intl;
  let zone: Intl.DateTimeFormat | undefined;
  const abbreviation = (date: Date): string =>
    (zone ??= new DateTimeFormat('en-US', { timeZoneName: 'short' }))
      .formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  for (const name of ['toString', 'toTimeString'] as const) {
    const original = Date.prototype[name];
    const fitted = {
      [name](this: Date): string {
        const text = original.call(this);
        return Number.isNaN(this.getTime()) ? text : text.replace(/ \([^)]*\)$/, ` (${abbreviation(this)})`);
      },
    }[name];
    Object.defineProperty(Date.prototype, name, { configurable: true, value: fitted, writable: true });
  }
}

/** A symbol that the engine knows cannot be taken from its `Symbol`, so another stands in for that. */
function fitSymbol(): void {
  const original = Symbol;
  const stand = function Symbol(description?: number | string): symbol {
    if (new.target !== undefined) throw new TypeError('Symbol is not a constructor');
    return original(description);
  };
  for (const name of Object.getOwnPropertyNames(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, name);
    if (descriptor !== undefined && !absentSymbols.has(name)) Object.defineProperty(stand, name, descriptor);
  }
  Object.defineProperty(stand, 'prototype', { value: original.prototype });
  Object.defineProperty(original.prototype, 'constructor', { configurable: true, value: stand, writable: true });
  Object.defineProperty(globalThis, 'Symbol', { configurable: true, value: stand, writable: true });
}
