/** Bytes as scripts give and get them: k6 takes texts, ArrayBuffers and typed arrays, and gives ArrayBuffers. */
import type { Kernel } from './kernel.ts';
import { GoError } from './kernel.ts';

export function isBinary(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** The bytes of `value`, a copy of those of a buffer. Throws for what is neither text nor bytes. */
export function bytesOf(kernel: Kernel, value: unknown): Uint8Array {
  if (typeof value === 'string') return kernel.host.local.encodeUtf8(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  throw new GoError(`invalid type ${nameOfType(value)}, expected string, []byte or ArrayBuffer`);
}

/** In a buffer of this realm, whichever the bytes come from. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

/** As Go would print it, since messages of k6 have it. */
function nameOfType(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    case 'object':
      if (value === null) return '<nil>';
      return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
    case 'undefined':
      return '<nil>';
    default:
      return typeof value;
  }
}
