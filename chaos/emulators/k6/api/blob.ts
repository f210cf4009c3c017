/** `Blob` of `k6/websockets`: bytes with a type, as messages of sockets give and take them. */
import { bufferOf } from './binary.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { readableStreamOf } from './streams.ts';

const bytesOfBlobs = new WeakMap<object, Uint8Array>();

/** Undefined for anything but a blob. */
export function bytesOfBlob(value: unknown): Uint8Array | undefined {
  return typeof value === 'object' && value !== null ? bytesOfBlobs.get(value) : undefined;
}

export type BlobClass = new (parts?: unknown, options?: unknown) => object;

export function createBlobClass(kernel: Kernel): BlobClass {
  return class Blob {
    constructor(parts?: unknown, options?: unknown) {
      const bytes = joined(kernel, parts);
      const type = typeOf(options);
      bytesOfBlobs.set(this, bytes);
      const define = (name: string, value: unknown): void => {
        Object.defineProperty(this, name, { configurable: true, enumerable: true, value, writable: true });
      };
      Object.defineProperties(this, {
        size: { enumerable: true, get: () => bytes.length },
        type: { enumerable: true, get: () => type },
      });
      define('arrayBuffer', () => Promise.resolve(bufferOf(bytes)));
      define('bytes', () => Promise.resolve(bytes.slice()));
      define('slice', (from?: unknown, to?: unknown, sliceType?: unknown) => {
        const part = bytes.slice(wholeNumber(from, 0), wholeNumber(to, bytes.length));
        return new Blob([part], { type: sliceType === undefined ? '' : String(sliceType) });
      });
      define('stream', () => readableStreamOf(kernel, bytes));
      define('text', () => Promise.resolve(kernel.host.local.decodeUtf8(bytes)));
    }

    toString(): string {
      return '[object Blob]';
    }
  };
}

function wholeNumber(value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : Math.trunc(Number(value)) || 0;
}

function typeOf(options: unknown): string {
  if (options === undefined) return '';
  if (typeof options !== 'object' || options === null) throw new GoError('[options] must be an object');
  const type: unknown = Reflect.get(options, 'type');
  return type === undefined ? '' : String(type);
}

function joined(kernel: Kernel, parts: unknown): Uint8Array {
  if (parts === undefined) return new Uint8Array();
  if (!Array.isArray(parts)) throw new GoError('failed to process [blobParts]: they must be an array');
  const pieces = parts.map((part: unknown) => bytesOfPart(kernel, part));
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece, offset);
    offset += piece.length;
  }
  return all;
}

function bytesOfPart(kernel: Kernel, part: unknown): Uint8Array {
  if (typeof part === 'string') return kernel.host.local.encodeUtf8(part);
  if (part instanceof ArrayBuffer) return new Uint8Array(part);
  if (part instanceof DataView) return new Uint8Array(part.buffer);
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  const bytes = bytesOfBlob(part);
  if (bytes === undefined)
    throw new GoError(`failed to process [blobParts]: unsupported type: ${typeof part}`);
  return bytes;
}
