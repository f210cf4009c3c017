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

const absentSymbols: ReadonlySet<string> = new Set([
  'asyncDispose',
  'asyncIterator',
  'dispose',
  'length',
  'name',
  'prototype',
]);

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
      .formatToParts(date)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
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
  Object.defineProperty(original.prototype, 'constructor', {
    configurable: true,
    value: stand,
    writable: true,
  });
  Object.defineProperty(globalThis, 'Symbol', { configurable: true, value: stand, writable: true });
}

/**
 * Freezes all that the realm comes with, so that VUs which share it cannot leave anything there for each other. What an object
 * inherits can still be set on it: a frozen property would forbid that, so those that scripts do set become accessors.
 */
export function freezeRealm(modules: readonly object[]): void {
  for (const prototype of [Object.prototype, Function.prototype, ...errorPrototypes()])
    allowOverriding(prototype);
  const seen = new Set<object>();
  for (const root of [globalThis, ...hiddenRoots(), ...modules]) reach(root, seen);
  for (const object of seen) Object.freeze(object);
}

/** What a module of the runtime has beside the realm. */
export function freezeModule(module: object): void {
  const seen = new Set<object>();
  reach(module, seen, true);
  for (const object of seen) Object.freeze(object);
}

function errorPrototypes(): object[] {
  return [Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    ({ prototype }) => prototype,
  );
}

/** Built-in objects that no global leads to. */
function hiddenRoots(): object[] {
  return [
    async () => undefined,
    function* generator() {
      yield undefined;
    },
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    'a'.matchAll(/a/g),
  ];
}

/** `stops` where it comes to what is frozen. */
function reach(object: unknown, seen: Set<object>, stops = false): void {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null || seen.has(object))
    return;
  if (stops && Object.isFrozen(object)) return;
  seen.add(object);
  reach(Object.getPrototypeOf(object), seen, stops);
  for (const key of Reflect.ownKeys(object)) {
    for (const value of valuesAt(object, key)) reach(value, seen, stops);
  }
}

/** Of a module the value behind the getter of an export; the getter itself may be of the realm of the run. */
function valuesAt(object: object, key: PropertyKey): unknown[] {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  if (descriptor === undefined) return [];
  const isExport = Object.getPrototypeOf(object) === null && descriptor.get !== undefined;
  return isExport ? [Reflect.get(object, key)] : [descriptor.value, descriptor.get, descriptor.set];
}

function allowOverriding(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
    if (descriptor === undefined || !('value' in descriptor) || descriptor.writable !== true) continue;
    const { enumerable = false, value } = descriptor;
    Object.defineProperty(prototype, key, {
      configurable: true,
      enumerable,
      get: () => value as unknown,
      set(this: object, given: unknown) {
        if (this === prototype) throw new TypeError(`${String(key)} of a built-in object cannot be changed`);
        Object.defineProperty(this, key, {
          configurable: true,
          enumerable: true,
          value: given,
          writable: true,
        });
      },
    });
  }
}
