/** Strings. Bits and ranges are changed in a buffer, everything else works on the byte string; each form is made when it is needed. */
import { bufferOf, bytesOf, type Bytes } from '../bytes/byte-string.ts';
import { parseInt64 } from '../numbers/integers.ts';

export type StringEncoding = 'int' | 'embstr' | 'raw';

/** Longer strings get an allocation of their own. */
const embeddedBytesMax = 44;

export class StringValue {
  readonly type = 'string';
  encoding: StringEncoding;
  #bytes: Bytes | undefined;
  #buffer: Buffer | undefined;
  /** Bytes in use, when the buffer is larger. */
  #length: number;

  constructor(bytes: Bytes, encoding: StringEncoding = encodingOf(bytes)) {
    this.encoding = encoding;
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  get bytes(): Bytes {
    this.#bytes ??= bytesOf((this.#buffer ?? Buffer.alloc(0)).subarray(0, this.#length));
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  get memoryBytes(): number {
    return this.encoding === 'int' ? 0 : this.#length + 9;
  }

  copy(): StringValue {
    return new StringValue(this.bytes, this.encoding);
  }

  append(bytes: Bytes): void {
    this.#bytes = this.bytes + bytes;
    this.#buffer = undefined;
    this.#length = this.#bytes.length;
    this.encoding = 'raw';
  }

  /** The bytes to change in place, at least `length` of them, zeros where there were none. */
  writable(length: number): Buffer {
    const buffer = this.#buffer ?? bufferOf(this.bytes);
    this.#bytes = undefined;
    this.encoding = 'raw';
    if (buffer.length >= length) {
      this.#buffer = buffer;
    } else {
      this.#buffer = Buffer.alloc(Math.max(length, Math.min(buffer.length * 2, length + 1024 * 1024)));
      buffer.copy(this.#buffer, 0, 0, this.#length);
    }
    this.#length = Math.max(this.#length, length);
    return this.#buffer;
  }

  /** The bytes to read bit by bit. */
  readable(): Buffer {
    this.#buffer ??= bufferOf(this.bytes);
    return this.#buffer.subarray(0, this.#length);
  }
}

/** How a value that is set as a whole is kept. */
export function encodingOf(bytes: Bytes): StringEncoding {
  if (bytes.length <= 20 && parseInt64(bytes) !== undefined) return 'int';
  return plainEncodingOf(bytes);
}

/** The same for one that is not looked at for being a number. */
export function plainEncodingOf(bytes: Bytes): StringEncoding {
  return bytes.length <= embeddedBytesMax ? 'embstr' : 'raw';
}
