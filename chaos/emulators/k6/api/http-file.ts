/** `http.file`: makes a body of fields a multipart one. */
import { isBinary } from './binary.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

export class FileData {
  data: ArrayBuffer | ArrayBufferView | string;
  filename: string;
  content_type: string;

  constructor(data: ArrayBuffer | ArrayBufferView | string, filename: string, contentType: string) {
    this.data = data;
    this.filename = filename;
    this.content_type = contentType;
  }
}

/** Without a name the file is called after the time, in nanoseconds, as in k6. */
export function httpFile(kernel: Kernel, data: unknown, filename: unknown, contentType: unknown): FileData {
  if (typeof data !== 'string' && !isBinary(data)) {
    throw new GoError('invalid type for http.file: expected string or ArrayBuffer');
  }
  const name = filename === undefined ? `${Math.floor(kernel.host.local.nowMs())}000000` : String(filename);
  return new FileData(
    data,
    name,
    contentType === undefined ? 'application/octet-stream' : String(contentType),
  );
}
