/** The module `k6/crypto`: hashes and random bytes. */
import type { Buffer } from 'node:buffer';
import { createHash, createHmac, randomBytes as systemRandomBytes } from 'node:crypto';
import type { Hash, Hmac } from 'node:crypto';
import { callingContext } from '../engine/script-context.ts';
import { toBuffer } from './encoding.ts';

const algorithms: Readonly<Record<string, string>> = {
  md4: 'md4',
  md5: 'md5',
  ripemd160: 'ripemd160',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  sha512_224: 'sha512-224',
  sha512_256: 'sha512-256',
};

class Hasher {
  readonly #hash: Hash | Hmac;

  constructor(hash: Hash | Hmac) {
    this.#hash = hash;
  }

  update(input: unknown): void {
    this.#hash.update(toBuffer(input));
  }

  digest(outputEncoding: unknown): ArrayBuffer | string {
    const copy = 'copy' in this.#hash ? this.#hash.copy() : this.#hash;
    return encodeDigest(copy.digest(), outputEncoding);
  }
}

function encodeDigest(digest: Buffer, outputEncoding: unknown): ArrayBuffer | string {
  switch (outputEncoding) {
    case 'base64':
      return digest.toString('base64');
    case 'base64rawurl':
      return digest.toString('base64url');
    case 'base64url':
      return digest.toString('base64url').padEnd(Math.ceil(digest.length / 3) * 4, '=');
    case 'binary':
      return Uint8Array.from(digest).buffer;
    case 'hex':
      return digest.toString('hex');
    default:
      throw new TypeError(`Invalid output encoding: ${String(outputEncoding)}`);
  }
}

function algorithmOf(name: unknown): string {
  const algorithm = algorithms[String(name)];
  if (algorithm === undefined) throw new TypeError(`Invalid algorithm: ${String(name)}`);
  return algorithm;
}

const hashBy =
  (name: string) =>
  (input: unknown, outputEncoding: unknown): ArrayBuffer | string =>
    encodeDigest(createHash(algorithmOf(name)).update(toBuffer(input)).digest(), outputEncoding);

/** Drawn from the run's seed when there is one. */
function randomBytes(size: unknown): ArrayBuffer {
  const count = Number(size);
  if (!Number.isInteger(count) || count < 1) throw new TypeError('invalid size');
  const { random } = callingContext('crypto.randomBytes()').vu;
  if (random === undefined) return Uint8Array.from(systemRandomBytes(count)).buffer;
  return Uint8Array.from({ length: count }, () => random.integer(0, 255)).buffer;
}

const crypto = {
  ...Object.fromEntries(Object.keys(algorithms).map((name) => [name, hashBy(name)])),
  createHMAC: (name: unknown, secret: unknown) => new Hasher(createHmac(algorithmOf(name), toBuffer(secret))),
  createHash: (name: unknown) => new Hasher(createHash(algorithmOf(name))),
  hmac: (name: unknown, secret: unknown, input: unknown, outputEncoding: unknown) =>
    encodeDigest(
      createHmac(algorithmOf(name), toBuffer(secret)).update(toBuffer(input)).digest(),
      outputEncoding,
    ),
  randomBytes,
};

export const cryptoModule = { ...crypto, default: crypto };
