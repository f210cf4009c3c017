/** Tar files (POSIX.1-2001: ustar, and pax headers for long names), as far as archives of k6 use them. */
export type TarEntry =
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'folder'; readonly name: string }
  /** The same bytes as an entry before. */
  | { readonly kind: 'link'; readonly name: string; readonly target: string };

const blockBytes = 512;
const typeFlags = { file: '0', folder: '5', link: '1' } as const;
const longestName = 100;

export function writeTar(entries: readonly TarEntry[], modifiedMs: number): Buffer {
  const blocks = entries.flatMap((entry) => {
    const bytes = entry.kind === 'file' ? entry.bytes : new Uint8Array();
    const long = Buffer.byteLength(entry.name) > longestName;
    return [
      ...(long ? paxHeader(entry.name, modifiedMs) : []),
      header(entry, bytes.length, modifiedMs),
      ...padded(bytes),
    ];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]);
}

/** The first block has the checksum of a header. */
export function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < blockBytes) return false;
  const block = Buffer.from(bytes.subarray(0, blockBytes));
  return readOctal(block, 148, 8) === checksumOf(block) && block[0] !== 0;
}

/** Throws a `RangeError` when it ends too soon. */
export function readTar(bytes: Uint8Array): TarEntry[] {
  const all = Buffer.from(bytes);
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  for (let offset = 0; offset + blockBytes <= all.length;) {
    const block = all.subarray(offset, offset + blockBytes);
    if (block[0] === 0) break;
    const size = readOctal(block, 124, 12);
    const start = offset + blockBytes;
    if (start + size > all.length) throw new RangeError('the archive ends within a file');
    const content = all.subarray(start, start + size);
    offset = start + Math.ceil(size / blockBytes) * blockBytes;
    const type = String.fromCharCode(block[156] ?? 0);
    if (type === 'x') {
      longName = paxPath(content.toString('utf8'));
      continue;
    }
    const name = longName ?? nameIn(block);
    longName = undefined;
    if (type === '0' || type === '\0') entries.push({ bytes: content, kind: 'file', name });
    else if (type === '5') entries.push({ kind: 'folder', name });
    else if (type === '1') entries.push({ kind: 'link', name, target: readText(block, 157, 100) });
  }
  return entries;
}

function header(entry: TarEntry, size: number, modifiedMs: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.write(Buffer.from(entry.name).subarray(0, longestName).toString('utf8'), 0, longestName);
  writeOctal(block, 100, 8, entry.kind === 'folder' ? 0o755 : 0o644);
  writeOctal(block, 108, 8, 0);
  writeOctal(block, 116, 8, 0);
  writeOctal(block, 124, 12, size);
  writeOctal(block, 136, 12, Math.floor(modifiedMs / 1000));
  block.write(typeFlags[entry.kind], 156);
  if (entry.kind === 'link') block.write(entry.target, 157, 100);
  block.write('ustar\u000000', 257, 'latin1');
  writeOctal(block, 148, 7, checksumOf(block));
  block.write(' ', 155);
  return block;
}

function paxHeader(name: string, modifiedMs: number): Uint8Array[] {
  const body = ` path=${name}\n`;
  let length = Buffer.byteLength(body) + 1;
  while (Buffer.byteLength(`${length}${body}`) !== length) length = Buffer.byteLength(`${length}${body}`);
  const bytes = Buffer.from(`${length}${body}`);
  const block = header({ bytes, kind: 'file', name: 'PaxHeaders.0/entry' }, bytes.length, modifiedMs);
  block.write('x', 156);
  writeOctal(block, 148, 7, checksumOf(block));
  block.write(' ', 155);
  return [block, ...padded(bytes)];
}

function paxPath(content: string): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content)?.[1];
}

function padded(bytes: Uint8Array): Uint8Array[] {
  const rest = bytes.length % blockBytes;
  return rest === 0 ? [bytes] : [bytes, new Uint8Array(blockBytes - rest)];
}

function nameIn(block: Buffer): string {
  const name = readText(block, 0, longestName);
  const prefix = readText(block, 257, 6).startsWith('ustar') ? readText(block, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readText(block: Buffer, start: number, length: number): string {
  return block
    .subarray(start, start + length)
    .toString('utf8')
    .replace(/\0.*$/s, '');
}

function readOctal(block: Buffer, start: number, length: number): number {
  const text = readText(block, start, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : 0;
}

function writeOctal(block: Buffer, start: number, length: number, value: number): void {
  block.write(value.toString(8).padStart(length - 1, '0'), start, 'latin1');
  block[start + length - 1] = 0;
}

/** Over all bytes of the header, those of the sum itself taken for blanks. */
function checksumOf(block: Buffer): number {
  return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}
