/** Reads a pattern from left to right. */

/** A pattern that is wrong, or that cannot be expressed; `position` counts UTF-16 units. */
export class PcreError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = 'PcreError';
    this.position = position;
  }
}

export class PatternReader {
  position = 0;
  readonly #pattern: string;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.position >= this.#pattern.length;
  }

  get rest(): string {
    return this.#pattern.slice(this.position);
  }

  startsWith(text: string): boolean {
    return this.#pattern.startsWith(text, this.position);
  }

  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.position += text.length;
    return true;
  }

  skip(length: number): void {
    this.position += length;
  }

  /** One code point. */
  next(): string {
    const point = this.#pattern.codePointAt(this.position);
    const character = point === undefined ? '' : String.fromCodePoint(point);
    this.position += character.length;
    return character;
  }

  /** `expression` is anchored at its start; what it matched is read. */
  match(expression: RegExp): RegExpExecArray | undefined {
    const found = expression.exec(this.rest);
    if (found === null) return undefined;
    this.position += found[0].length;
    return found;
  }
}
