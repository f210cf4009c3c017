/** Undoes `Content-Encoding`, which k6 does for every answer. */
import type { Buffer } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { messageOf } from '../errors.ts';
import { RequestError } from './request-error.ts';
import type { ParsedResponse } from './response-parser.ts';

const decompressionErrorCode = 1701;

const decompressors: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  br: (bytes) => brotliDecompressSync(bytes),
  deflate: (bytes) => (((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes) : inflateRawSync(bytes)),
  gzip: (bytes) => gunzipSync(bytes),
  zstd: (bytes) => zstdDecompressSync(bytes),
};

export function decompress(answer: ParsedResponse): Buffer | RequestError {
  const encoding = answer.head.headers['Content-Encoding'];
  if (encoding === undefined || answer.body.length === 0) return answer.body;
  try {
    return encoding
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .toReversed()
      .reduce((bytes, name) => (decompressors[name] ?? ((same) => same))(bytes), answer.body);
  } catch (error) {
    return new RequestError(
      decompressionErrorCode,
      `error decompressing response body: ${messageOf(error)}`,
      error,
    );
  }
}
