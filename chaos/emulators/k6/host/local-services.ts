/** What scripts need of Node and not of the run. */
import { createHash, createHmac, randomBytes, randomUUID, webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Clock } from '../clock.ts';
import type { LocalServices, SubtleMethod } from '../api/host.ts';
import type { HtmlTools } from '../api/html-tools.ts';
import type { StreamClasses } from '../api/stream-classes.ts';
import { loadHtmlTools } from './html-tools.ts';
import { md4 } from './md4.ts';
import { messageOf } from '../errors.ts';

const nodeNames: Readonly<Record<string, string>> = { sha512_224: 'sha512-224', sha512_256: 'sha512-256' };
type Decoder = InstanceType<typeof TextDecoder>;

const decoders = new Map<string, Decoder>();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
let htmlTools: HtmlTools | undefined;

export function createLocalServices(clock: Clock): LocalServices {
  return {
    decodeText: (label, bytes, settings) => {
      try {
        return { ok: true, value: decoderFor(label, settings).decode(unshared(bytes)) };
      } catch (error) {
        return { message: messageOf(error), ok: false };
      }
    },
    decodeUtf8: (bytes) => utf8.decode(unshared(bytes)),
    encodeUtf8: (text) => encoder.encode(text),
    hash,
    html: () => (htmlTools ??= loadHtmlTools()),
    monotonicMs: () => clock.monotonicMs(),
    nowMs: () => clock.nowMs(),
    streams: loadStreams,
    randomBytes: (count) => randomBytes(count),
    randomUuid: () => randomUUID(),
    subtle: callSubtle,
    timer: (delayMs, callback) => {
      const timer = clock.timer(delayMs, callback);
      return () => timer[Symbol.dispose]();
    },
    turn: () => clock.yieldTurn(),
  };
}

/** Loaded by the first script that needs them. */
function loadStreams(): StreamClasses {
  return createRequire(import.meta.url)('node:stream/web');
}

function decoderFor(label: string, { fatal, ignoreBOM }: { fatal: boolean; ignoreBOM: boolean }): Decoder {
  const key = `${label} ${fatal} ${ignoreBOM}`;
  let decoder = decoders.get(key);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { fatal, ignoreBOM });
    decoders.set(key, decoder);
  }
  return decoder;
}

/** The decoder takes no memory that other threads see. */
function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? Uint8Array.from(bytes) : bytes;
}

function hash(algorithm: string, chunks: readonly Uint8Array[], key: Uint8Array | undefined): Uint8Array {
  if (algorithm === 'md4') return md4(Buffer.concat(chunks), key);
  const name = nodeNames[algorithm] ?? algorithm;
  const hasher = key === undefined ? createHash(name) : createHmac(name, key);
  for (const chunk of chunks) hasher.update(chunk);
  return hasher.digest();
}

/** Checks its arguments itself, and rejects when they are wrong. */
async function callSubtle(method: SubtleMethod, args: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(webcrypto.subtle[method], webcrypto.subtle, [...args]);
}
