/** Replies read from bytes, of either version of the protocol: what a client would see of two servers, to be compared. */
import type { Bytes } from '../bytes/byte-string.ts';

export type WireReply =
  | {
      readonly kind: 'status' | 'error' | 'bulk' | 'double' | 'big number' | 'verbatim';
      readonly text: Bytes;
    }
  | { readonly kind: 'integer'; readonly text: Bytes }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' | 'null array' }
  | {
      readonly kind: 'array' | 'map' | 'set' | 'push' | 'attribute';
      readonly items: readonly WireReply[];
    };

const lineKinds = {
  '+': 'status',
  '-': 'error',
  ':': 'integer',
  ',': 'double',
  '(': 'big number',
} as const;

const aggregateKinds = { '*': 'array', '%': 'map', '~': 'set', '>': 'push', '|': 'attribute' } as const;

/** Collects bytes, and gives replies as soon as they are whole. */
export class ReplyReader {
  #bytes: Bytes = '';
  #at = 0;

  append(bytes: Bytes): void {
    this.#bytes = this.#bytes.slice(this.#at) + bytes;
    this.#at = 0;
  }

  next(): WireReply | undefined {
    const start = this.#at;
    const reply = this.#read();
    if (reply === undefined) this.#at = start;
    return reply;
  }

  #read(): WireReply | undefined {
    const end = this.#bytes.indexOf('\r\n', this.#at);
    if (end === -1) return undefined;
    const sign = this.#bytes.charAt(this.#at);
    const text = this.#bytes.slice(this.#at + 1, end);
    this.#at = end + 2;
    if (isKeyOf(lineKinds, sign)) return { kind: lineKinds[sign], text };
    if (sign === '_') return { kind: 'null' };
    if (sign === '#') return { kind: 'boolean', value: text === 't' };
    if (sign === '$' || sign === '=') return this.#readText(sign === '$' ? 'bulk' : 'verbatim', Number(text));
    if (isKeyOf(aggregateKinds, sign)) return this.#readItems(aggregateKinds[sign], Number(text));
    throw new TypeError(`no reply begins with ${JSON.stringify(sign)}`);
  }

  #readText(kind: 'bulk' | 'verbatim', length: number): WireReply | undefined {
    if (length < 0) return { kind: 'null' };
    if (this.#bytes.length < this.#at + length + 2) return undefined;
    const text = this.#bytes.slice(this.#at, this.#at + length);
    this.#at += length + 2;
    return { kind, text };
  }

  #readItems(
    kind: (typeof aggregateKinds)[keyof typeof aggregateKinds],
    count: number,
  ): WireReply | undefined {
    if (count < 0) return { kind: 'null array' };
    const items: WireReply[] = [];
    const total = kind === 'map' || kind === 'attribute' ? count * 2 : count;
    while (items.length < total) {
      const item = this.#read();
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { kind, items };
  }
}

function isKeyOf<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(table, key);
}

/** One line that says all of it. */
export function replyText(reply: WireReply): string {
  switch (reply.kind) {
    case 'boolean':
      return `boolean ${reply.value}`;
    case 'null':
    case 'null array':
      return reply.kind;
    case 'array':
    case 'map':
    case 'set':
    case 'push':
    case 'attribute':
      return `${reply.kind}[${reply.items.map(replyText).join(', ')}]`;
    default:
      return `${reply.kind} ${JSON.stringify(reply.text)}`;
  }
}
