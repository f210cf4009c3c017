/** The global `crypto` (W3C Web Cryptography), whose keys, buffers and promises are of the script's own realm. */
import { bufferOf } from './binary.ts';
import type { Kernel } from './kernel.ts';

const methods = [
  'decrypt',
  'deriveBits',
  'deriveKey',
  'digest',
  'encrypt',
  'exportKey',
  'generateKey',
  'importKey',
  'sign',
  'unwrapKey',
  'verify',
  'wrapKey',
] as const;

interface HeldKey {
  readonly algorithm: unknown;
  readonly extractable: boolean;
  readonly type: string;
  readonly usages: readonly string[];
}

const held = new WeakMap<object, HeldKey>();

/** Shows what a key of Node's is, and stands for it. */
class CryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: unknown;
  readonly usages: readonly string[];

  constructor(key: HeldKey) {
    held.set(this, key);
    this.type = key.type;
    this.extractable = key.extractable;
    this.algorithm = fromNode(key.algorithm);
    this.usages = [...key.usages];
  }
}

class CryptoError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export function createWebCrypto(kernel: Kernel): object {
  const { local } = kernel.host;
  const subtle: Record<string, (...args: unknown[]) => Promise<unknown>> = {};
  for (const name of methods) {
    subtle[name] = (...args) => {
      kernel.running();
      return kernel.follow(
        () => local.subtle(name, args.map(toNode)),
        fromNode,
        (error) =>
          error instanceof Object ? cryptoError(error) : new CryptoError('OperationError', String(error)),
      );
    };
  }
  return {
    getRandomValues: (array: unknown) => getRandomValues(kernel, array),
    randomUUID: () => kernel.random?.uuid() ?? local.randomUuid(),
    subtle,
  };
}

function cryptoError(error: object): CryptoError {
  const { message, name }: { message?: unknown; name?: unknown } = error;
  return new CryptoError(String(name), String(message));
}

const randomLimitBytes = 65_536;

function getRandomValues(kernel: Kernel, array: unknown): unknown {
  if (!ArrayBuffer.isView(array) || array instanceof DataView || isFloat(array)) {
    throw new CryptoError('TypeMismatchError', 'typedArray parameter is not a TypedArray of integers');
  }
  if (array.byteLength > randomLimitBytes) {
    throw new CryptoError(
      'QuotaExceededError',
      'typedArray parameter is too big; maximum length is 65536 bytes',
    );
  }
  const { random } = kernel;
  const bytes =
    random === undefined
      ? kernel.host.local.randomBytes(array.byteLength)
      : Uint8Array.from({ length: array.byteLength }, () => random.integer(0, 255));
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytes);
  return array;
}

function isFloat(array: ArrayBufferView): boolean {
  return array instanceof Float32Array || array instanceof Float64Array;
}

function toNode(value: unknown): unknown {
  if (
    typeof value !== 'object' ||
    value === null ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer
  ) {
    return value;
  }
  const key = held.get(value);
  if (key !== undefined) return key;
  if (Array.isArray(value)) return value.map(toNode);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toNode(inner)]));
}

/** Objects of another realm are told by what they have, not by what they are instances of. */
function fromNode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('usages' in value && 'extractable' in value) return new CryptoKey(value as HeldKey);
  if ('byteLength' in value) {
    return 'buffer' in value
      ? Uint8Array.from(value as Uint8Array)
      : bufferOf(new Uint8Array(value as ArrayBuffer));
  }
  if (Array.isArray(value)) return value.map(fromNode);
  const keys = 'publicKey' in value ? ['publicKey', 'privateKey'] : Object.keys(value);
  const fields: Readonly<Record<string, unknown>> = value as Record<string, unknown>;
  return Object.fromEntries(keys.map((name) => [name, fromNode(fields[name])]));
}
