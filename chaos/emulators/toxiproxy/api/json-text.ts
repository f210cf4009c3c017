/**
 * Reads the first JSON value of a request's body as Go's decoder does: what follows it is ignored, numbers keep their
 * text (a fraction is no integer, even 1.0), and errors have Go's words.
 */

/** A number as written, because 1e3 and 1.0 are not integers to the original. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Members in the order of the text, names not made unique. */
export class JsonObject {
  readonly members: readonly (readonly [name: string, value: JsonValue])[];
  constructor(members: readonly (readonly [string, JsonValue])[]) {
    this.members = members;
  }
}

export type JsonValue = null | boolean | string | JsonNumber | JsonObject | readonly JsonValue[];

/** The text is not JSON; `message` is Go's. */
export class JsonSyntaxError extends Error {
  override name = 'JsonSyntaxError';
}

const DEPTH_MAX = 10_000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: readonly (readonly [string, null | boolean])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

type Frame =
  | { readonly kind: 'array'; readonly items: JsonValue[] }
  | { readonly kind: 'object'; readonly members: [string, JsonValue][]; name: string };

/** Throws JsonSyntaxError. Does not recurse, so that nesting cannot exhaust the stack. */
export function readFirstJsonValue(text: string): JsonValue {
  const reader = new Reader(text);
  const frames: Frame[] = [];
  if (reader.atEnd()) throw new JsonSyntaxError('EOF');
  let where = 'looking for beginning of value';
  for (;;) {
    let value = reader.scalar(where);
    if (value === undefined) {
      const frame = reader.open();
      frames.push(frame);
      if (frames.length > DEPTH_MAX) throw new JsonSyntaxError('exceeded max depth');
      if (!reader.take(frame.kind === 'array' ? ']' : '}')) {
        if (frame.kind === 'object') frame.name = reader.name('looking for beginning of object key string');
        where = 'looking for beginning of value';
        continue;
      }
      frames.pop();
      value = finish(frame);
    }
    for (;;) {
      const frame = frames.at(-1);
      if (frame === undefined) return value;
      if (frame.kind === 'array') {
        frame.items.push(value);
        if (reader.take(',')) break;
        reader.expect(']', 'after array element');
      } else {
        frame.members.push([frame.name, value]);
        if (reader.take(',')) {
          frame.name = reader.name('looking for beginning of object key string');
          break;
        }
        reader.expect('}', 'after object key:value pair');
      }
      value = finish(frame);
      frames.pop();
    }
    where = 'looking for beginning of value';
  }
}

function finish(frame: Frame): JsonValue {
  return frame.kind === 'array' ? frame.items : new JsonObject(frame.members);
}

class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    while (' \t\r\n'.includes(this.#text.charAt(this.#position) || 'x')) this.#position += 1;
    return this.#position >= this.#text.length;
  }

  take(character: string): boolean {
    if (this.atEnd() || this.#text.charAt(this.#position) !== character) return false;
    this.#position += 1;
    return true;
  }

  expect(character: string, where: string): void {
    if (!this.take(character)) this.#fail(where);
  }

  /** A string, number or literal; undefined in front of an array or object. */
  scalar(where: string): JsonValue | undefined {
    if (this.atEnd()) this.#fail(where);
    const character = this.#text.charAt(this.#position);
    if (character === '{' || character === '[') return undefined;
    if (character === '"') return this.#string();
    for (const [word, value] of LITERALS) {
      if (character === word.charAt(0)) {
        this.#word(word);
        return value;
      }
    }
    NUMBER.lastIndex = this.#position;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number === undefined) {
      if (character !== '-') this.#fail(where);
      this.#position += 1;
      this.#fail('in numeric literal');
    }
    this.#position += number.length;
    return new JsonNumber(number);
  }

  open(): Frame {
    const character = this.#text.charAt(this.#position);
    this.#position += 1;
    return character === '[' ? { kind: 'array', items: [] } : { kind: 'object', members: [], name: '' };
  }

  /** A member's name and the colon after it. */
  name(where: string): string {
    if (this.atEnd() || this.#text.charAt(this.#position) !== '"') this.#fail(where);
    const name = this.#string();
    this.expect(':', 'after object key');
    return name;
  }

  #word(word: string): void {
    for (let index = 0; index < word.length; index += 1) {
      if (this.#text.charAt(this.#position) !== word.charAt(index)) {
        this.#fail(`in literal ${word} (expecting ${quote(word.charAt(index))})`);
      }
      this.#position += 1;
    }
  }

  #string(): string {
    const start = this.#position;
    this.#position += 1;
    for (;;) {
      const character = this.#text.charAt(this.#position);
      if (character === '"') break;
      if (character === '' || character < ' ') this.#fail('in string literal');
      if (character === '\\') this.#escape();
      else this.#position += 1;
    }
    this.#position += 1;
    const parsed: unknown = JSON.parse(this.#text.slice(start, this.#position));
    return String(parsed).toWellFormed();
  }

  #escape(): void {
    this.#position += 1;
    const kind = this.#text.charAt(this.#position);
    if (kind === '' || !'"\\/bfnrtu'.includes(kind)) this.#fail('in string escape code');
    this.#position += 1;
    for (let digit = 0; kind === 'u' && digit < 4; digit += 1) {
      if (!/^[0-9a-fA-F]$/.test(this.#text.charAt(this.#position))) {
        this.#fail('in \\u hexadecimal character escape');
      }
      this.#position += 1;
    }
  }

  #fail(where: string): never {
    const character = this.#text.codePointAt(this.#position);
    if (character === undefined) throw new JsonSyntaxError('unexpected EOF');
    throw new JsonSyntaxError(`invalid character ${quote(String.fromCodePoint(character))} ${where}`);
  }
}

function quote(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
