/** The module `k6/data`: data made once and shared by all VUs, each of which gets copies of the elements it reads. */
import type { SharedElements } from './host.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  /** Called with `new`; what comes of it is an array that cannot be changed. */
  function SharedArray(name: unknown, build: unknown): unknown {
    return sharedArray(kernel, name, build);
  }
  const exports = { SharedArray };
  return { ...exports, default: exports };
}

function sharedArray(kernel: Kernel, name: unknown, build: unknown): unknown {
  if (kernel.call !== undefined) throw new GoError('new SharedArray must be called in the init context');
  const key = name === undefined ? '' : String(name);
  if (key === '') throw new GoError("empty name provided to SharedArray's constructor");
  if (typeof build !== 'function') {
    throw new GoError("a function is expected as the second argument of SharedArray's constructor");
  }
  if (build.constructor.name === 'AsyncFunction') {
    throw new GoError('SharedArray constructor does not support async functions as second argument');
  }
  return wrapShared(kernel, kernel.host.ask.sharedArray(key) ?? share(kernel, key, build()));
}

function share(kernel: Kernel, name: string, built: unknown): SharedElements {
  if (!Array.isArray(built)) throw new GoError('only arrays can be made into SharedArray');
  return kernel.host.ask.shareArray(
    name,
    Array.from(built, (element: unknown) => JSON.stringify(element) ?? 'null'),
  );
}

/** An array whose elements are parsed when they are read, so that no VU sees what another did to one. */
export function wrapShared(kernel: Kernel, { bytes, ends }: SharedElements): unknown {
  const read = (index: number): unknown => {
    const text = kernel.host.local.decodeUtf8(bytes.subarray(ends[index - 1] ?? 0, ends[index]));
    return deepFreeze(JSON.parse(text));
  };
  const refuse = (): never => {
    throw new TypeError('SharedArray is immutable');
  };
  const indexIn = (property: string | symbol): number | undefined => {
    if (typeof property !== 'string' || !/^\d+$/.test(property)) return undefined;
    return Number(property);
  };
  return new Proxy([], {
    defineProperty: refuse,
    deleteProperty: refuse,
    get: (target, property, receiver): unknown => {
      if (property === 'length') return ends.length;
      const index = indexIn(property);
      if (index === undefined) return Reflect.get(target, property, receiver);
      return index < ends.length ? read(index) : undefined;
    },
    getOwnPropertyDescriptor: (target, property) => {
      const index = indexIn(property);
      if (index === undefined) return Reflect.getOwnPropertyDescriptor(target, property);
      if (index >= ends.length) return undefined;
      return { configurable: true, enumerable: true, value: read(index), writable: false };
    },
    has: (target, property) => {
      const index = indexIn(property);
      return index === undefined ? Reflect.has(target, property) : index < ends.length;
    },
    ownKeys: () => [...ends.keys().map(String), 'length'],
    set: refuse,
    setPrototypeOf: refuse,
  });
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
