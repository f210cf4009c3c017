/**
 * Keeps the code of modules on disk, so that a script that has not changed is neither parsed nor rewritten again. A folder that
 * cannot be written to means only that the work is done anew.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lazily } from '../lazily.ts';
import type { ModuleCode } from './module-code.ts';
import type * as PrepareModule from './prepare-module.ts';

/** With a parser of JavaScript, which a script that has not changed does not need. */
const rewriter = lazily<typeof PrepareModule>('./prepare-module', import.meta.url);

export class CodeCache {
  readonly #folder: string;
  #version: string | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws a `SyntaxError` for what is no script. */
  prepare(text: string, url: string): ModuleCode {
    const path = join(this.#folder, `${this.#keyOf(text, url)}.json`);
    const kept = read<ModuleCode>(path);
    if (kept !== undefined) return kept;
    const code = rewriter().prepareModule(text, url);
    this.#write(path, code);
    return code;
  }

  /** What `make` makes of several texts, kept under all of them. */
  keep<Value>(texts: readonly string[], make: () => Value): Value {
    const path = join(this.#folder, `${this.#keyOf(JSON.stringify(texts), 'plan')}.json`);
    const kept = read<Value>(path);
    if (kept !== undefined) return kept;
    const value = make();
    this.#write(path, value);
    return value;
  }

  #keyOf(text: string, url: string): string {
    this.#version ??= versionOfRewriter();
    return createHash('sha256').update(`${this.#version}\0${url}\0${text}`).digest('hex').slice(0, 40);
  }

  #write(path: string, code: unknown): void {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(temporary, JSON.stringify(code));
      renameSync(temporary, path);
    } catch {
      // Another run may clean up, or the disk be full or read-only: none of it concerns this one.
    }
  }
}

function read<Value>(path: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch {
    return undefined;
  }
}

/** Changes with the code that rewrites modules and with Node, whose type stripping is part of it. */
function versionOfRewriter(): string {
  const files = readdirSync(import.meta.dirname, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => {
      const { mtimeMs, size } = statSync(join(parentPath, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  return [process.version, ...files.toSorted()].join('\n');
}
