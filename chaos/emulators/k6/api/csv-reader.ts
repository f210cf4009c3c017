/** Reads CSV records (RFC 4180) as Go's encoding/csv does: blank lines are passed over, and all records have as many fields. */
import { GoError } from './kernel.ts';

export class CsvReader {
  readonly #text: string;
  readonly #delimiter: string;
  #position = 0;
  #line = 1;
  #fields: number | undefined;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
  }

  /** Undefined at the end. */
  read(): string[] | undefined {
    this.#skipBlankLines();
    if (this.#position >= this.#text.length) return undefined;
    const startLine = this.#line;
    const record: string[] = [];
    let ended = false;
    while (!ended) {
      const quoted = this.#text.charAt(this.#position) === '"';
      record.push(quoted ? this.#quotedField(startLine) : this.#plainField());
      ended = this.#text.charAt(this.#position) !== this.#delimiter;
      if (!ended) this.#position += 1;
    }
    this.#endLine();
    this.#fields ??= record.length;
    if (record.length !== this.#fields)
      throw new GoError(`record on line ${startLine}: wrong number of fields`);
    return record;
  }

  #skipBlankLines(): void {
    while (this.#lineBreakAt(this.#position) > 0) this.#endLine();
  }

  #endLine(): void {
    const length = this.#lineBreakAt(this.#position);
    this.#position += length;
    if (length > 0) this.#line += 1;
  }

  /** Its length; 0 when there is none. */
  #lineBreakAt(position: number): number {
    const first = this.#text.charAt(position);
    if (first === '\n') return 1;
    if (first !== '\r') return 0;
    const next = this.#text.charAt(position + 1);
    return next === '\n' ? 2 : next === '' ? 1 : 0;
  }

  #plainField(): string {
    const start = this.#position;
    let end = start;
    while (end < this.#text.length) {
      const character = this.#text.charAt(end);
      if (character === this.#delimiter || this.#lineBreakAt(end) > 0) break;
      if (character === '"') throw this.#error(this.#line, end, 'bare " in non-quoted-field');
      end += 1;
    }
    this.#position = end;
    return this.#text.slice(start, end);
  }

  #quotedField(startLine: number): string {
    let field = '';
    this.#position += 1;
    for (;;) {
      const quote = this.#text.indexOf('"', this.#position);
      if (quote === -1)
        throw this.#error(startLine, this.#text.length, 'extraneous or missing " in quoted-field');
      const piece = this.#text.slice(this.#position, quote);
      this.#line += piece.split('\n').length - 1;
      field += piece.replaceAll('\r\n', '\n');
      this.#position = quote + 1;
      const next = this.#text.charAt(this.#position);
      if (next === '"') {
        field += '"';
        this.#position += 1;
      } else if (next === '' || next === this.#delimiter || this.#lineBreakAt(this.#position) > 0) {
        return field;
      } else {
        throw this.#error(startLine, quote, 'extraneous or missing " in quoted-field');
      }
    }
  }

  #error(startLine: number, position: number, what: string): GoError {
    const column = position - this.#text.lastIndexOf('\n', position - 1);
    const at =
      startLine === this.#line
        ? `parse error on line ${this.#line}, column ${column}`
        : `record on line ${startLine}; parse error on line ${this.#line}, column ${column}`;
    return new GoError(`${at}: ${what}`);
  }
}
