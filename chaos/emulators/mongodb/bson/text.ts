/** Short ASCII text and field names make most of a document, so they are read without crossing into native code. */
const shortTextBytes = 16;
const nameCacheSize = 2048;
const names: (string | undefined)[] = Array.from({ length: nameCacheSize });

/** Text of the UTF-8 bytes from `from` up to `to`; invalid sequences become U+FFFD. */
export function readText(buffer: Buffer, from: number, to: number): string {
  if (to - from <= shortTextBytes) {
    let text = '';
    for (let at = from; at < to; at += 1) {
      const byte = buffer[at] ?? 0;
      if (byte > 0x7f) return buffer.toString('utf8', from, to);
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return buffer.toString('utf8', from, to);
}

/** As `readText`, but names seen before are taken from a cache of fixed size, without building them again. */
export function readFieldName(buffer: Buffer, from: number, to: number): string {
  let hash = to - from;
  for (let at = from; at < to; at += 1) hash = (Math.imul(hash, 31) + (buffer[at] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 15)) & (nameCacheSize - 1);
  const cached = names[slot];
  if (cached !== undefined && isSameAscii(cached, buffer, from, to)) return cached;
  const name = readText(buffer, from, to);
  if (to - from <= 64) names[slot] = name;
  return name;
}

function isSameAscii(text: string, buffer: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== buffer[from + index]) return false;
  }
  return true;
}
