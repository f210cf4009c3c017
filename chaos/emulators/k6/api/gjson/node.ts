/** JSON with its text: GJSON works on what was written, in the order in which it was written. */
export type JsonNode =
  | { readonly kind: 'array'; readonly raw: string; readonly items: readonly JsonNode[] }
  | {
      readonly kind: 'object';
      readonly raw: string;
      readonly entries: readonly (readonly [string, JsonNode])[];
    }
  | { readonly kind: 'scalar'; readonly raw: string; readonly value: boolean | number | string | null };

/** Undefined for what is no JSON. */
export function parseNode(text: string): JsonNode | undefined {
  const reader = new Reader(text);
  try {
    return reader.readWhole();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function arrayNode(items: readonly JsonNode[]): JsonNode {
  return { items, kind: 'array', raw: `[${items.map(({ raw }) => raw).join(',')}]` };
}

export function objectNode(entries: readonly (readonly [string, JsonNode])[]): JsonNode {
  return {
    entries,
    kind: 'object',
    raw: `{${entries.map(([key, { raw }]) => `${JSON.stringify(key)}:${raw}`).join(',')}}`,
  };
}

export function scalarNode(value: boolean | number | string | null): JsonNode {
  return { kind: 'scalar', raw: JSON.stringify(value), value };
}

export function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'array':
      return node.items.map(valueOf);
    case 'object':
      return Object.fromEntries(node.entries.map(([key, inner]) => [key, valueOf(inner)] as const));
    case 'scalar':
      return node.value;
  }
}

const blanks = /[ \t\r\n]*/y;
const scalar = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readWhole(): JsonNode {
    const node = this.#read();
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw new SyntaxError('text behind the value');
    return node;
  }

  #read(): JsonNode {
    this.#skipBlanks();
    const start = this.#at;
    switch (this.#text[start]) {
      case '[': {
        const items: JsonNode[] = [];
        this.#list(']', () => items.push(this.#read()));
        return { items, kind: 'array', raw: this.#text.slice(start, this.#at) };
      }
      case '{': {
        const entries: (readonly [string, JsonNode])[] = [];
        this.#list('}', () => entries.push(this.#entry()));
        return { entries, kind: 'object', raw: this.#text.slice(start, this.#at) };
      }
      default:
        return this.#scalar();
    }
  }

  #entry(): readonly [string, JsonNode] {
    this.#skipBlanks();
    const key = this.#scalar();
    if (typeof key.value !== 'string') throw new SyntaxError('a key is a text');
    this.#skipBlanks();
    this.#expect(':');
    return [key.value, this.#read()];
  }

  #list(end: string, readOne: () => void): void {
    this.#at += 1;
    this.#skipBlanks();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      readOne();
      this.#skipBlanks();
      if (this.#text[this.#at] === end) {
        this.#at += 1;
        return;
      }
      this.#expect(',');
    }
  }

  #scalar(): Extract<JsonNode, { kind: 'scalar' }> {
    scalar.lastIndex = this.#at;
    const raw = scalar.exec(this.#text)?.[0];
    if (raw === undefined) throw new SyntaxError('no value');
    this.#at += raw.length;
    const value: boolean | number | string | null = JSON.parse(raw);
    return { kind: 'scalar', raw, value };
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new SyntaxError(`no ${character}`);
    this.#at += 1;
  }

  #skipBlanks(): void {
    blanks.lastIndex = this.#at;
    this.#at += blanks.exec(this.#text)?.[0].length ?? 0;
  }
}
