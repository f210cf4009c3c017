/** `Content-Encoding`, made for bodies of requests that ask for it and undone for every answer. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { messageOf } from '../errors.ts';
import { errorCodes, RequestError } from './request-error.ts';
import type { ParsedResponse } from './response-parser.ts';

const compressors = new Map<string, (bytes: Buffer) => Buffer>([
  ['br', (bytes) => brotliCompressSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['gzip', (bytes) => gzipSync(bytes)],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
]);

/** `names` as the script gives them, such as `gzip, br`. Throws a `RequestError` for one that is not known. */
export function compressionsOf(names: string): string[] {
  if (names === '') return [];
  return names.split(',').map((given) => {
    const name = given.trim();
    if (compressors.has(name)) return name;
    throw new RequestError(
      0,
      `unknown compression algorithm ${name}, supported algorithms are [gzip deflate zstd br]`,
    );
  });
}

export function compress(body: Buffer, compressions: readonly string[]): Buffer {
  return compressions.reduce((bytes, name) => compressors.get(name)?.(bytes) ?? bytes, body);
}

type Decompressor = (bytes: Buffer, salvage: boolean) => Buffer;

const finishFlush = constants.Z_SYNC_FLUSH;

/** With `salvage` they give what can be had of bytes that end too early. */
const decompressors = new Map<string, Decompressor>([
  [
    'br',
    (bytes, salvage) =>
      brotliDecompressSync(bytes, salvage ? { finishFlush: constants.BROTLI_OPERATION_FLUSH } : {}),
  ],
  ['deflate', (bytes, salvage) => inflateSync(bytes, salvage ? { finishFlush } : {})],
  ['gzip', (bytes, salvage) => gunzipSync(bytes, salvage ? { finishFlush } : {})],
  ['zstd', (bytes) => zstdDecompressSync(bytes)],
]);

export interface DecodedBody {
  readonly body: Buffer | undefined;
  readonly error: RequestError | undefined;
}

export function decodeBody({ body, head }: ParsedResponse): DecodedBody {
  const encoding = head.headers['Content-Encoding'];
  if (encoding === undefined || body.length === 0) return { body, error: undefined };
  let bytes = body;
  for (const given of encoding.split(',').toReversed()) {
    const name = given.trim().toLowerCase();
    const decompressor = decompressors.get(name);
    if (decompressor === undefined) continue;
    try {
      bytes = decompressor(bytes, false);
    } catch (error) {
      return { body: salvaged(decompressor, bytes), error: decompressionError(name, bytes, error) };
    }
  }
  return { body: bytes, error: undefined };
}

/** The readable beginning of a body that breaks off, as in k6; undefined when not even its header can be read. */
function salvaged(decompressor: Decompressor, bytes: Buffer): Buffer | undefined {
  try {
    const start = decompressor(bytes, true);
    return start.length === 0 ? undefined : start;
  } catch {
    return undefined;
  }
}

const headerBytes: Readonly<Record<string, number>> = { deflate: 2, gzip: 10 };
const goPackages: Readonly<Record<string, string>> = { deflate: 'zlib', gzip: 'gzip' };

/** In Go's words. What goes wrong behind a good header is an error of reading, not of decompressing. */
function decompressionError(name: string, bytes: Buffer, error: unknown): RequestError {
  const message = messageOf(error);
  const named = (reason: string): RequestError =>
    new RequestError(errorCodes.decompression, `error decompressing response body (${reason})`, error);
  const goPackage = goPackages[name];
  if (goPackage === undefined) return named(`${name === 'br' ? 'brotli' : name}: ${message}`);
  if (bytes.length < (headerBytes[name] ?? 0)) return named('unexpected EOF');
  if (message.includes('header') || message.includes('compression method'))
    return named(`${goPackage}: invalid header`);
  if (message.includes('data check') || message.includes('length check'))
    return named(`${goPackage}: invalid checksum`);
  const reason = message === 'unexpected end of file' ? 'unexpected EOF' : `flate: corrupt input: ${message}`;
  return new RequestError(errorCodes.generic, reason, error);
}
