/** Binary data as text and back, in the formats of `$convert`. */
import { Binary } from 'bson';

const formats = ['auto', 'base64', 'base64url', 'hex', 'utf8', 'uuid'] as const;
export type BinaryFormat = (typeof formats)[number];

export function binaryFormatOf(name: unknown): BinaryFormat | undefined {
  return formats.find((format) => format === name);
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** undefined when the bytes are not what the format can show. */
export function textOfBytes(value: Binary, format: BinaryFormat): string | undefined {
  const content = Buffer.from(value.buffer.subarray(0, value.position));
  switch (format) {
    case 'auto':
      return isUuid(value) ? uuidText(content) : withInnerLength(value, content).toString('base64');
    case 'base64':
      return content.toString('base64');
    case 'base64url':
      return content.toString('base64url');
    case 'hex':
      return content.toString('hex').toUpperCase();
    case 'utf8': {
      const text = content.toString('utf8');
      return Buffer.from(text, 'utf8').equals(content) ? text : undefined;
    }
    case 'uuid':
      return isUuid(value) ? uuidText(content) : undefined;
  }
}

/** The deprecated subtype 2 counts its own length as data. */
function withInnerLength(value: Binary, content: Buffer): Buffer {
  if (value.sub_type !== Binary.SUBTYPE_BYTE_ARRAY) return content;
  const length = Buffer.alloc(4);
  length.writeInt32LE(content.length);
  return Buffer.concat([length, content]);
}

function isUuid(value: Binary): boolean {
  return value.sub_type === Binary.SUBTYPE_UUID && value.position === 16;
}

function uuidText(content: Buffer): string {
  const hex = content.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** undefined for text that is not of the format. */
export function bytesOfText(text: string, format: BinaryFormat, subtype: number): Buffer | undefined {
  switch (format) {
    case 'uuid':
      return uuidPattern.test(text) && subtype === Binary.SUBTYPE_UUID
        ? Buffer.from(text.replaceAll('-', ''), 'hex')
        : undefined;
    case 'hex':
      return /^(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
    case 'utf8':
      return Buffer.from(text, 'utf8');
    case 'base64url':
      return /^[\w-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined;
    default:
      if (uuidPattern.test(text) && format === 'auto') return Buffer.from(text.replaceAll('-', ''), 'hex');
      return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
        ? Buffer.from(text, 'base64')
        : undefined;
  }
}
