/** Base64 in the four variants of Go, which takes nothing but its own letters, and line breaks. */
import { GoError } from './kernel.ts';

const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlSafe = `${standard.slice(0, 62)}-_`;

export interface Base64Variant {
  readonly isUrlSafe: boolean;
  readonly isPadded: boolean;
}

export function encodeBase64(bytes: Uint8Array, { isPadded, isUrlSafe }: Base64Variant): string {
  const letters = isUrlSafe ? urlSafe : standard;
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const word = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    const used = Math.min(bytes.length - index, 3) + 1;
    for (let letter = 0; letter < used; letter += 1) text += letters[(word >> (18 - 6 * letter)) & 63] ?? '';
    if (isPadded) text += '='.repeat(4 - used);
  }
  return text;
}

export function decodeBase64(given: string, { isPadded, isUrlSafe }: Base64Variant): Uint8Array {
  const letters = isUrlSafe ? urlSafe : standard;
  const text = given.replaceAll(/[\r\n]/g, '');
  const padding = isPadded ? (/={0,2}$/.exec(text)?.[0].length ?? 0) : 0;
  const body = text.slice(0, text.length - padding);
  if ((isPadded && text.length % 4 !== 0) || body.length % 4 === 1) throw illegal(text.length);
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let word = 0;
  let length = 0;
  for (let index = 0; index < body.length; index += 1) {
    const value = letters.indexOf(body[index] ?? '');
    if (value < 0) throw illegal(index);
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length] = (word >> bits) & 255;
      length += 1;
    }
  }
  return bytes;
}

function illegal(position: number): GoError {
  return new GoError(`illegal base64 data at input byte ${position}`);
}
