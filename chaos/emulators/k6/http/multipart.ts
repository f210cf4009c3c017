/** `http.file` and the multipart bodies made of it. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

class FileData {
  readonly data: ArrayBuffer | ArrayBufferView | string;
  readonly filename: string;
  readonly content_type: string;

  constructor(data: ArrayBuffer | ArrayBufferView | string, filename: string, contentType: string) {
    this.data = data;
    this.filename = filename;
    this.content_type = contentType;
  }
}

export function file(data: unknown, filename = 'file', contentType = 'application/octet-stream'): FileData {
  if (typeof data === 'string' || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
    return new FileData(data, filename, contentType);
  }
  throw new TypeError('invalid type for http.file: expected string, ArrayBuffer or typed array');
}

export function isFileData(value: unknown): value is FileData {
  return value instanceof FileData;
}

export function encodeMultipart(fields: readonly (readonly [string, unknown])[]): {
  boundary: string;
  bytes: Buffer;
} {
  const contents = fields.map(([, value]) =>
    isFileData(value) ? toBuffer(value.data) : Buffer.from(String(value)),
  );
  const digest = createHash('sha256');
  for (const content of contents) digest.update(content);
  const boundary = `----redcliff${digest.digest('hex').slice(0, 40)}`;
  const parts = fields.flatMap(([key, value], index) => [
    Buffer.from(`--${boundary}\r\n${partHead(key, value)}\r\n\r\n`),
    contents[index] ?? Buffer.alloc(0),
    Buffer.from('\r\n'),
  ]);
  return { boundary, bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]) };
}

function partHead(key: string, value: unknown): string {
  const name = `Content-Disposition: form-data; name="${escapeQuotes(key)}"`;
  if (!isFileData(value)) return name;
  return `${name}; filename="${escapeQuotes(value.filename)}"\r\nContent-Type: ${value.content_type}`;
}

function escapeQuotes(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function toBuffer(data: ArrayBuffer | ArrayBufferView | string): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? Buffer.from(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
