/** Bodies made of fields: `application/x-www-form-urlencoded` as Go writes it, and multipart. */
import { createHash } from 'node:crypto';
import type { MultipartPart } from '../api/host.ts';

export function encodeMultipart(parts: readonly MultipartPart[]): { boundary: string; bytes: Buffer } {
  const contents = parts.map(({ content }) =>
    typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
  );
  const digest = createHash('sha256');
  for (const content of contents) digest.update(content);
  const boundary = digest.digest('hex').slice(0, 60);
  const pieces = parts.flatMap((part, index) => [
    Buffer.from(`${index === 0 ? '' : '\r\n'}--${boundary}\r\n${partHead(part)}\r\n\r\n`),
    contents[index] ?? Buffer.alloc(0),
  ]);
  return { boundary, bytes: Buffer.concat([...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]) };
}

function partHead({ file, name }: MultipartPart): string {
  if (file === undefined) return `Content-Disposition: form-data; name="${quoted(name)}"`;
  return `Content-Disposition: form-data; name="${name}"; filename="${quoted(file.name)}"\r\nContent-Type: ${file.contentType}`;
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
