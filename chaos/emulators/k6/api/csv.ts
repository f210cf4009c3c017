/** The module `k6/experimental/csv`: tables parsed once for all VUs, or row by row. */
import { CsvReader } from './csv-reader.ts';
import { wrapShared } from './data.ts';
import { openFileOf } from './fs.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  function Parser(...args: unknown[]): object {
    if (kernel.call !== undefined)
      throw new GoError('csv Parser constructor must be called in the init context');
    const [file, options] = args;
    if (file === undefined || file === null)
      throw new GoError('csv Parser constructor takes at least one non-nil source argument');
    const records = openRecords(
      kernel,
      file,
      options,
      'encountered an error while interpreting Parser options',
    );
    return { next: async () => nextOf(records) };
  }
  const exports = { Parser, parse: (file: unknown, options?: unknown) => parse(kernel, file, options) };
  return { ...exports, default: exports };
}

interface Options {
  readonly delimiter: string;
  readonly skipFirstLine: boolean;
  readonly fromLine: number | undefined;
  readonly toLine: number | undefined;
  readonly asObjects: boolean;
}

/** A promise of a shared array with one element for each row. */
function parse(kernel: Kernel, file: unknown, given: unknown): Promise<unknown> {
  const records = openRecords(kernel, file, given, 'failed to interpret the provided Parser options');
  return Promise.resolve().then(() => {
    const { ask } = kernel.host;
    const known = ask.sharedArray(records.name);
    if (known !== undefined) return wrapShared(kernel, known);
    const rows: string[] = [];
    for (let row = records.read(); row !== undefined; row = records.read()) rows.push(JSON.stringify(row));
    return wrapShared(kernel, ask.shareArray(records.name, rows));
  });
}

function nextOf(records: Records): { done: boolean; value: unknown } {
  const value = records.read();
  return value === undefined ? { done: true, value: [] } : { done: false, value };
}

function openRecords(kernel: Kernel, given: unknown, options: unknown, refusal: string): Records {
  const file = openFileOf(given);
  if (file === undefined)
    throw new GoError(`first argument expected to be a fs.File instance, got ${typeof given} instead`);
  let read: Options;
  try {
    read = readOptions(options);
  } catch (error) {
    throw new GoError(`${refusal}; reason: ${error instanceof Error ? error.message : String(error)}`);
  }
  const text = kernel.host.local.decodeUtf8(file.bytes.subarray(file.offset));
  file.offset = file.bytes.length;
  return new Records(text, read, `csv.parse ${JSON.stringify([file.path, read])}`);
}

function readOptions(options: unknown): Options {
  const given: Readonly<Record<string, unknown>> = Object(options ?? {});
  const delimiter = given['delimiter'] === undefined ? ',' : String(given['delimiter']);
  if (delimiter.length !== 1) throw new GoError('delimiter must be a single character');
  const line = (name: string): number | undefined =>
    given[name] === undefined ? undefined : Math.trunc(Number(given[name])) || 0;
  const read: Options = {
    asObjects: Boolean(given['asObjects']),
    delimiter,
    fromLine: line('fromLine'),
    skipFirstLine: Boolean(given['skipFirstLine']),
    toLine: line('toLine'),
  };
  const { fromLine, toLine } = read;
  if (fromLine !== undefined && toLine !== undefined && fromLine >= toLine)
    throw new GoError('fromLine must be less than or equal to toLine');
  return read;
}

function assertCompatible({ asObjects, fromLine, skipFirstLine, toLine }: Options): void {
  if (asObjects && skipFirstLine)
    throw new GoError("the 'header' option cannot be enabled when 'skipFirstLine' is true");
  if (asObjects && fromLine !== undefined && fromLine > 0)
    throw new GoError(
      "the 'header' option cannot be enabled when 'fromLine' is set to a value greater than 0",
    );
  for (const [name, value] of [
    ['fromLine', fromLine],
    ['toLine', toLine],
  ] as const) {
    if (value !== undefined && value < 0)
      throw new GoError(`the '${name}' option must be greater than or equal to 0; got ${value}`);
  }
}

class Records {
  readonly name: string;
  readonly #reader: CsvReader;
  readonly #options: Options;
  readonly #columns: readonly string[] | undefined;
  #line = 0;

  constructor(text: string, options: Options, name: string) {
    this.name = name;
    this.#options = options;
    const { asObjects, delimiter, fromLine = 0, skipFirstLine } = options;
    this.#reader = new CsvReader(text, delimiter);
    try {
      assertCompatible(options);
      if (asObjects) this.#columns = this.#skip('failed to read the first line');
      if (skipFirstLine && fromLine === 0) this.#skip('failed to skip the first line');
      while (this.#line < fromLine) this.#skip(`failed to skip lines until line ${fromLine}`);
    } catch (error) {
      throw new GoError(
        `failed to create a new parser; reason: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** A list of texts, or an object by the names in the first line; undefined at the end. */
  read(): readonly string[] | Readonly<Record<string, string>> | undefined {
    const { toLine } = this.#options;
    if (toLine !== undefined && toLine > 0 && this.#line > toLine) return undefined;
    const record = this.#reader.read();
    if (record === undefined) return undefined;
    this.#line += 1;
    const columns = this.#columns;
    if (columns === undefined) return record;
    return Object.fromEntries(record.map((value, index) => [columns[index] ?? '', value]));
  }

  #skip(refusal: string): string[] {
    const record = this.#reader.read();
    if (record === undefined) throw new GoError(`${refusal}; reason: EOF`);
    this.#line += 1;
    return record;
  }
}
