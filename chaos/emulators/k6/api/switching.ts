/** What the code of a script uses that was rewritten to wait in calls that block. */
import { chain, released, Suspended } from './suspended.ts';

type Body = Generator<Suspended, unknown, unknown>;

/** Runs a body to its end, or to where it waits; then what comes of it is suspended as well. */
function drive(body: Body): unknown {
  const step = body.next();
  return step.done === true ? step.value : new Suspended(goOn(body, step.value));
}

async function goOn(body: Body, first: Suspended): Promise<unknown> {
  let waited = first;
  for (;;) {
    // Each step follows from what the one before waited for.
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await waited.take().then(
      (value) => ({ ok: true, value }) as const,
      (error: unknown) => ({ error, ok: false }) as const,
    );
    const step = outcome.ok ? body.next(outcome.value) : body.throw(outcome.error);
    if (step.done === true) return released(step.value);
    waited = step.value;
  }
}

type Callback = (this: unknown, ...args: unknown[]) => unknown;

/** Calls a method of a list that calls functions in its turn; those of arrays, sets and maps wait for what is suspended. */
function each(object: unknown, name: string, isOptional: boolean, ...args: unknown[]): unknown {
  if (isOptional && (object === undefined || object === null)) return undefined;
  const [callback, thisArg] = args;
  const method: unknown = Reflect.get(Object(object), name);
  if (typeof callback === 'function') {
    const call = callback as Callback;
    if (Array.isArray(object) && method === Reflect.get(Array.prototype, name)) {
      return eachOfArray(object, name, call, thisArg, args.length > 1);
    }
    const isCollection = object instanceof Map || object instanceof Set;
    if (isCollection && name === 'forEach') {
      return walk(
        [...object.entries()],
        ([key, value]) => call.call(thisArg, value, key, object),
        () => undefined,
        undefined,
      );
    }
  }
  if (typeof method !== 'function') throw new TypeError(`${name} is not a function`);
  return Reflect.apply(method, object, args);
}

/** Goes through a list; `take` says with a box when to end, and with what. */
function walk<Item>(
  items: readonly Item[],
  call: (item: Item, index: number) => unknown,
  take: (outcome: unknown, item: Item, index: number) => { readonly value: unknown } | undefined,
  atEnd: unknown,
  from = 0,
): unknown {
  for (let index = from; index < items.length; index += 1) {
    // Holes are passed over, as by the methods of the language.
    if (!(index in items)) continue;
    const item = items[index] as Item;
    const outcome = call(item, index);
    if (outcome instanceof Suspended) {
      return chain(outcome as unknown, (late) => {
        const end = take(late, item, index);
        return end === undefined ? walk(items, call, take, atEnd, index + 1) : end.value;
      });
    }
    const end = take(outcome, item, index);
    if (end !== undefined) return end.value;
  }
  return atEnd;
}

function eachOfArray(
  list: readonly unknown[],
  name: string,
  call: Callback,
  thisArg: unknown,
  hasStart: boolean,
): unknown {
  const one = (item: unknown, index: number): unknown => call.call(thisArg, item, index, list);
  const results: unknown[] = [];
  switch (name) {
    case 'every':
      return walk(list, one, (held) => (held ? undefined : { value: false }), true);
    case 'filter':
      return walk(list, one, (held, item) => void (held && results.push(item)), results);
    case 'find':
      return walk(filled(list), one, (held, item) => (held ? { value: item } : undefined), undefined);
    case 'findIndex':
      return walk(filled(list), one, (held, _item, index) => (held ? { value: index } : undefined), -1);
    case 'findLast':
    case 'findLastIndex':
      return findLast(list, one, name);
    case 'flatMap':
      return walk(
        list,
        one,
        (value) => void results.push(...(Array.isArray(value) ? value : [value])),
        results,
      );
    case 'forEach':
      return walk(list, one, () => undefined, undefined);
    case 'map':
      results.length = list.length;
      return walk(list, one, (value, _item, index) => void (results[index] = value), results);
    case 'reduce':
      return reduce(
        list.map((item, index) => [item, index] as const),
        list,
        call,
        thisArg,
        hasStart,
      );
    case 'reduceRight':
      return reduce(
        list.map((item, index) => [item, index] as const).toReversed(),
        list,
        call,
        thisArg,
        hasStart,
      );
    default:
      return walk(list, one, (held) => (held ? { value: true } : undefined), false);
  }
}

/** Some methods look at holes as well. */
function filled(list: readonly unknown[]): unknown[] {
  return Array.from(list);
}

function findLast(
  list: readonly unknown[],
  one: (item: unknown, index: number) => unknown,
  name: string,
): unknown {
  const reversed = filled(list).toReversed();
  const indexOf = (index: number): number => list.length - 1 - index;
  return walk(
    reversed,
    (item, index) => one(item, indexOf(index)),
    (held, item, index) => (held ? { value: name === 'findLast' ? item : indexOf(index) } : undefined),
    name === 'findLast' ? undefined : -1,
  );
}

function reduce(
  items: readonly (readonly [unknown, number])[],
  list: readonly unknown[],
  call: Callback,
  start: unknown,
  hasStart: boolean,
): unknown {
  const present = items.filter((entry) => entry !== undefined);
  const [first] = present;
  if (!hasStart && first === undefined) throw new TypeError('Reduce of empty array with no initial value');
  let sum = hasStart ? start : first?.[0];
  return chain(
    walk(
      hasStart ? present : present.slice(1),
      ([item, index]) => call.call(undefined, sum, item, index, list),
      (value) => void (sum = value),
      undefined,
    ),
    () => sum,
  );
}

export const switching = { Suspended, drive, each };
