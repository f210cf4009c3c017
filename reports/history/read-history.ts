/**
 * Reads history.ndjson back. A run that was killed leaves a half-written last line: it is left out and said so. Any
 * other line that is not an operation makes the file foreign or damaged, and nothing is guessed about it.
 */
import { open } from 'node:fs/promises';
import { ReportsError, unreadable } from '../errors.ts';
import { operationSchema, type Operation } from './operation.ts';

export interface History {
  operations: Operation[];
  /** Set when the last line was cut off: its number, counted from 1. */
  truncatedAtLine: number | null;
}

/** What is wrong with the value of an operation, or null. A target says what its operations must hold. */
export type CheckOperation = (operation: Operation) => string | null;

/** Throws ReportsError HISTORY_DAMAGED, naming line and field, and FILE_UNREADABLE. */
export async function readHistory(path: string, check?: CheckOperation): Promise<History> {
  const parser = new HistoryParser(path, check);
  try {
    const file = await open(path);
    try {
      for await (const line of file.readLines({ encoding: 'utf8' })) parser.push(line);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ReportsError) throw error;
    throw unreadable(path, error);
  }
  return parser.end();
}

/** Throws ReportsError HISTORY_DAMAGED, naming line and field. */
export function parseHistory(lines: Iterable<string>, name = 'history', check?: CheckOperation): History {
  const parser = new HistoryParser(name, check);
  for (const line of lines) parser.push(line);
  return parser.end();
}

class HistoryParser {
  readonly #name: string;
  readonly #check: CheckOperation | undefined;
  readonly #operations: Operation[] = [];
  #line = 0;
  #cutAtLine: number | null = null;

  constructor(name: string, check: CheckOperation | undefined) {
    this.#name = name;
    this.#check = check;
  }

  push(line: string): void {
    this.#line += 1;
    if (line.trim() === '') return;
    if (this.#cutAtLine !== null) throw this.#damaged(this.#cutAtLine, 'not JSON');
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      this.#cutAtLine = this.#line;
      return;
    }
    this.#operations.push(this.#operation(parsed));
  }

  end(): History {
    if (this.#cutAtLine !== null && this.#operations.length === 0) {
      throw this.#damaged(this.#cutAtLine, 'not JSON, and no operation before it');
    }
    return { operations: this.#operations, truncatedAtLine: this.#cutAtLine };
  }

  #operation(parsed: unknown): Operation {
    const result = operationSchema.safeParse(parsed);
    if (!result.success) {
      const issue = result.error.issues[0];
      const field = issue === undefined || issue.path.length === 0 ? 'line' : issue.path.join('.');
      throw this.#damaged(this.#line, `${field}: ${issue?.message ?? 'not an operation'}`);
    }
    const problem = this.#check?.(result.data) ?? null;
    if (problem !== null) throw this.#damaged(this.#line, `${problem} (${result.data.f})`);
    return result.data;
  }

  #damaged(line: number, what: string): ReportsError {
    return new ReportsError('HISTORY_DAMAGED', `${this.#name} line ${line}: ${what}`);
  }
}
