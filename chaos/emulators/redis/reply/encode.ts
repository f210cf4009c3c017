/** Replies as bytes, in version 2 or 3 of the protocol. */
import type { Bytes } from '../bytes/byte-string.ts';
import { formatDouble } from '../numbers/decimal.ts';
import { isTyped, type Reply, type TypedReply } from './reply.ts';

export type ProtocolVersion = 2 | 3;

export function encodeReply(reply: Reply, version: ProtocolVersion): Bytes {
  if (typeof reply === 'string') return bulk(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return version === 3 ? '_\r\n' : '$-1\r\n';
  if (isTyped(reply)) return encodeTyped(reply, version);
  return aggregate('*', reply.length, reply, version);
}

function encodeTyped(reply: TypedReply, version: ProtocolVersion): Bytes {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${oneLine(reply.message)}\r\n`;
    case 'null array':
      return version === 3 ? '_\r\n' : '*-1\r\n';
    case 'double': {
      const text = reply.text ?? formatDouble(reply.value);
      return version === 3 ? `,${text}\r\n` : bulk(text);
    }
    case 'boolean':
      if (version === 3) return reply.value ? '#t\r\n' : '#f\r\n';
      return reply.value ? ':1\r\n' : ':0\r\n';
    case 'big number':
      return version === 3 ? `(${reply.digits}\r\n` : bulk(reply.digits);
    case 'verbatim':
      if (version === 2) return bulk(reply.text);
      return `=${reply.text.length + 4}\r\n${reply.format.slice(0, 3).padEnd(3)}:${reply.text}\r\n`;
    case 'map':
      return version === 3
        ? aggregate('%', reply.entries.length, reply.entries.flat(), version)
        : aggregate('*', reply.entries.length * 2, reply.entries.flat(), version);
    case 'attribute':
      return version === 3 ? aggregate('|', reply.entries.length, reply.entries.flat(), version) : '';
    case 'set':
      return aggregate(version === 3 ? '~' : '*', reply.items.length, reply.items, version);
    case 'push':
      return aggregate(version === 3 ? '>' : '*', reply.items.length, reply.items, version);
    case 'several':
      return reply.replies.map((each) => encodeReply(each, version)).join('');
    case 'none':
      return '';
  }
}

function aggregate(sign: string, length: number, items: readonly Reply[], version: ProtocolVersion): Bytes {
  let text = `${sign}${length}\r\n`;
  for (const item of items) text += encodeReply(item, version);
  return text;
}

function bulk(bytes: Bytes): Bytes {
  return `$${bytes.length}\r\n${bytes}\r\n`;
}

/** A line break inside would end the reply. */
function oneLine(message: Bytes): Bytes {
  return /[\r\n]/.test(message) ? message.replaceAll(/[\r\n]/g, ' ') : message;
}

/** A request as clients send it, and as the append-only file holds it. */
export function encodeRequest(words: readonly Bytes[]): Bytes {
  let text = `*${words.length}\r\n`;
  for (const word of words) text += bulk(word);
  return text;
}
