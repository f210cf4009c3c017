/** The module `k6/data`: data made once and shared by all VUs, each of which gets copies of the elements it reads. */
import { callingContext } from '../engine/script-context.ts';

function makeShared(name: unknown, build: unknown): readonly string[] {
  const context = callingContext('SharedArray');
  if (context.phase !== 'init') throw new Error('new SharedArray must be called in the init context');
  const key = String(name);
  if (key === '') throw new Error("empty name provided to SharedArray's constructor");
  if (typeof build !== 'function')
    throw new TypeError("a function is expected as the second argument of SharedArray's constructor");
  let shared = context.run.sharedData.get(key);
  if (shared === undefined) {
    const built: unknown = build();
    if (!Array.isArray(built)) throw new TypeError('only arrays can be made into SharedArray');
    shared = built.map((element) => JSON.stringify(element) ?? 'null');
    context.run.sharedData.set(key, shared);
  }
  return shared;
}

/** Reads by index parse the element anew, so that no VU sees what another did to it. */
class SharedArray extends Array<unknown> {
  constructor(name: unknown, build: unknown) {
    super();
    const shared = makeShared(name, build);
    const refuse = (): never => {
      throw new TypeError('SharedArray is immutable');
    };
    return new Proxy(this, {
      defineProperty: refuse,
      deleteProperty: refuse,
      get: (target, property, receiver): unknown => {
        if (property === 'length') return shared.length;
        const index = indexOf(property);
        if (index === undefined) return Reflect.get(target, property, receiver);
        const element = shared[index];
        return element === undefined ? undefined : deepFreeze(JSON.parse(element));
      },
      getOwnPropertyDescriptor: (target, property) => {
        const index = indexOf(property);
        if (index === undefined || index >= shared.length) {
          return Reflect.getOwnPropertyDescriptor(target, property);
        }
        return {
          configurable: true,
          enumerable: true,
          value: deepFreeze(JSON.parse(shared[index] ?? 'null')),
          writable: false,
        };
      },
      has: (target, property) => {
        const index = indexOf(property);
        return index === undefined ? Reflect.has(target, property) : index < shared.length;
      },
      ownKeys: () => [...shared.keys().map(String), 'length'],
      set: refuse,
    });
  }

  /** `map`, `filter` and so on give plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

function indexOf(property: string | symbol): number | undefined {
  return typeof property === 'string' && /^\d+$/.test(property) ? Number(property) : undefined;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

const data = { SharedArray };

export const dataModule = { ...data, default: data };
