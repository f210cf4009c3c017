/** Changes to a text by position, applied at once. Lines stay where they are, so that stack traces keep their numbers. */
type EditKind = 'close' | 'guard' | 'open' | 'replace';

interface Edit {
  readonly kind: EditKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly order: number;
}

/** What closes at a position comes before what opens there, and both before what is replaced from there on. */
const rank: Readonly<Record<EditKind, number>> = { close: 0, guard: 1, open: 2, replace: 3 };

export class Edits {
  readonly source: string;
  readonly #edits: Edit[] = [];
  readonly #guarded = new Set<number>();

  constructor(source: string) {
    this.source = source;
  }

  /** Insertions at one position keep the order in which they were asked for. */
  insert(at: number, text: string): void {
    this.#edits.push({ end: at, kind: 'open', order: this.#edits.length, start: at, text });
  }

  /** Puts a range between two texts. Of two that begin or end together the one asked for first is the outer one. */
  wrap(start: number, end: number, before: string, after: string): void {
    this.insert(start, before);
    this.#edits.push({ end, kind: 'close', order: -this.#edits.length, start: end, text: after });
  }

  /** Ends what stands before a statement, once for each. */
  guard(at: number): void {
    if (this.#guarded.has(at)) return;
    this.#guarded.add(at);
    this.#edits.push({ end: at, kind: 'guard', order: 0, start: at, text: ';' });
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ end, kind: 'replace', order: this.#edits.length, start, text });
  }

  /** Takes a range out but for its line breaks. */
  remove(start: number, end: number): void {
    this.replace(start, end, this.source.slice(start, end).replaceAll(/[^\n]+/g, ''));
  }

  apply(): string {
    const ordered = this.#edits.toSorted(
      (left, right) =>
        left.start - right.start || rank[left.kind] - rank[right.kind] || left.order - right.order,
    );
    let result = '';
    let position = 0;
    for (const { end, start, text } of ordered) {
      if (start < position) throw new RangeError(`edits overlap at ${start}`);
      result += this.source.slice(position, start) + text;
      position = end;
    }
    return result + this.source.slice(position);
  }
}
