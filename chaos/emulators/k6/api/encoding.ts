/** The module `k6/encoding`: base64 in its four variants. */
import { Buffer } from 'node:buffer';

type Variant = 'rawstd' | 'rawurl' | 'std' | 'url';

function b64encode(input: unknown, variant: unknown = 'std'): string {
  const text = toBuffer(input).toString(isUrl(variant) ? 'base64url' : 'base64');
  if (isRaw(variant)) return text.replaceAll('=', '');
  return isUrl(variant) ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text;
}

function b64decode(input: unknown, variant: unknown = 'std', format?: unknown): ArrayBuffer | string {
  const bytes = Buffer.from(String(input), isUrl(variant) ? 'base64url' : 'base64');
  if (format === 's') return bytes.toString('utf8');
  return Uint8Array.from(bytes).buffer;
}

function isUrl(variant: unknown): boolean {
  return (['rawurl', 'url'] satisfies Variant[]).some((name) => name === variant);
}

function isRaw(variant: unknown): boolean {
  return (['rawstd', 'rawurl'] satisfies Variant[]).some((name) => name === variant);
}

export function toBuffer(input: unknown): Buffer {
  if (input instanceof ArrayBuffer) return Buffer.from(input);
  if (ArrayBuffer.isView(input)) return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  return Buffer.from(String(input));
}

const encoding = { b64decode, b64encode };

export const encodingModule = { ...encoding, default: encoding };
