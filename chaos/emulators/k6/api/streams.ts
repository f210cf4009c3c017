/**
 * The module `k6/experimental/streams`: streams as the WHATWG defines them. Each VU gets classes of its own, which extend those of
 * Node.
 */
import { bufferOf } from './binary.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import type { StreamClass } from './stream-classes.ts';

const names = [
  'CountQueuingStrategy',
  'ReadableStream',
  'ReadableStreamDefaultReader',
  'WritableStream',
  'WritableStreamDefaultWriter',
] as const;

const classesOfVus = new WeakMap<Kernel, Record<string, StreamClass>>();

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = classesOf(kernel);
  return { ...exports, default: exports };
}

/** Gives the bytes in one piece. */
export function readableStreamOf(kernel: Kernel, bytes: Uint8Array): object {
  const { ReadableStream } = classesOf(kernel);
  if (ReadableStream === undefined) throw new GoError('there are no streams');
  return new ReadableStream({
    start: (controller: { close(): void; enqueue(chunk: unknown): void }) => {
      controller.enqueue(new Uint8Array(bufferOf(bytes)));
      controller.close();
    },
  });
}

function classesOf(kernel: Kernel): Record<string, StreamClass> {
  let classes = classesOfVus.get(kernel);
  if (classes === undefined) {
    const ofNode = kernel.host.local.streams();
    classes = Object.fromEntries(names.map((name) => [name, ownClass(name, ofNode[name])]));
    classesOfVus.set(kernel, classes);
  }
  return classes;
}

function ownClass(name: string, Base: StreamClass): StreamClass {
  const Own = class extends Base {};
  Object.defineProperty(Own, 'name', { configurable: true, value: name });
  return Own;
}
