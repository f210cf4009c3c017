/** The module `k6/crypto`: hashes and random bytes. */
import { encodeBase64 } from './base64.ts';
import { bufferOf, bytesOf } from './binary.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

const algorithms = [
  'md4',
  'md5',
  'ripemd160',
  'sha1',
  'sha256',
  'sha384',
  'sha512',
  'sha512_224',
  'sha512_256',
] as const;

export function create(kernel: Kernel): Record<string, unknown> {
  const once = (algorithm: string, key: Uint8Array | undefined, input: unknown, encoding: unknown) => {
    const hasher = new Hasher(kernel, algorithm, key);
    hasher.update(input);
    return hasher.digest(encoding);
  };
  const exports = {
    ...Object.fromEntries(
      algorithms.map((name) => [
        name,
        (input: unknown, encoding: unknown) => once(name, undefined, input, encoding),
      ]),
    ),
    createHMAC: (name: unknown, secret: unknown) =>
      new Hasher(kernel, algorithmOf(name), bytesOf(kernel, secret)),
    createHash: (name: unknown) => new Hasher(kernel, algorithmOf(name), undefined),
    hexEncode: (input: unknown) => hex(bytesOf(kernel, input)),
    hmac: (name: unknown, secret: unknown, input: unknown, encoding: unknown) =>
      once(algorithmOf(name), bytesOf(kernel, secret), input, encoding),
    randomBytes: (size: unknown) => randomBytes(kernel, size),
  };
  return { ...exports, default: exports };
}

function algorithmOf(name: unknown): string {
  const algorithm = algorithms.find((known) => known === name);
  if (algorithm === undefined) throw new GoError(`invalid algorithm: ${String(name)}`);
  return algorithm;
}

/** Keeps what it was given, since a digest may be asked for more than once on the way. */
class Hasher {
  readonly #kernel: Kernel;
  readonly #algorithm: string;
  readonly #key: Uint8Array | undefined;
  readonly #chunks: Uint8Array[] = [];

  constructor(kernel: Kernel, algorithm: string, key: Uint8Array | undefined) {
    this.#kernel = kernel;
    this.#algorithm = algorithm;
    this.#key = key;
  }

  update(input: unknown): void {
    this.#chunks.push(bytesOf(this.#kernel, input));
  }

  digest(encoding: unknown): ArrayBuffer | string {
    const digest = this.#kernel.host.local.hash(this.#algorithm, this.#chunks, this.#key);
    switch (encoding) {
      case 'base64':
        return encodeBase64(digest, { isPadded: true, isUrlSafe: false });
      case 'base64rawurl':
        return encodeBase64(digest, { isPadded: false, isUrlSafe: true });
      case 'base64url':
        return encodeBase64(digest, { isPadded: true, isUrlSafe: true });
      case 'binary':
        return bufferOf(digest);
      case 'hex':
        return hex(digest);
      default:
        throw new GoError(`invalid output encoding: ${String(encoding)}`);
    }
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Drawn from the run's seed when there is one. */
function randomBytes(kernel: Kernel, size: unknown): ArrayBuffer {
  const count = Math.trunc(Number(size));
  if (!(count >= 1)) throw new GoError('invalid size');
  const { random } = kernel;
  return random === undefined
    ? bufferOf(kernel.host.local.randomBytes(count))
    : Uint8Array.from({ length: count }, () => random.integer(0, 255)).buffer;
}
