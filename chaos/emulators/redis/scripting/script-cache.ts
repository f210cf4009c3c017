/** Scripts by their SHA-1, and the machine they run in. */
import type { Bytes } from '../bytes/byte-string.ts';
import { compileChunk } from '../lua/compiler.ts';
import { LuaSyntaxError } from '../lua/errors.ts';
import type { ScriptRandom } from '../lua/libraries/mathematics.ts';
import type { Machine } from '../lua/machine.ts';
import type { Closure } from '../lua/values.ts';
import { scriptMachine } from './environment.ts';
import { sha1Hex } from './redis-library.ts';
import { readScriptHeader, type ScriptFlag } from './script-flags.ts';
import type { ScriptHost } from './script-host.ts';

export interface CachedScript {
  readonly sha: Bytes;
  readonly body: Bytes;
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  readonly closure: Closure;
}

export class ScriptCache {
  readonly host: ScriptHost;
  readonly #randomness: ScriptRandom;
  readonly #scripts = new Map<Bytes, CachedScript>();
  /** SHA-1 of bodies that came lately, since computing it costs more than a short script. */
  readonly #digests = new Map<Bytes, Bytes>();
  #machine: Machine | undefined;
  #memoryBytes = 0;

  constructor(host: ScriptHost, randomness: ScriptRandom) {
    this.host = host;
    this.#randomness = randomness;
  }

  get machine(): Machine {
    this.#machine ??= scriptMachine(this.host, this.#randomness);
    return this.#machine;
  }

  get count(): number {
    return this.#scripts.size;
  }

  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** By SHA-1, in either case. */
  get(sha: Bytes): CachedScript | undefined {
    return this.#scripts.get(sha.toLowerCase());
  }

  /** Compiles and keeps the script, unless it is there. */
  load(body: Bytes): CachedScript | { readonly refusal: string } {
    const sha = this.#digest(body);
    const known = this.#scripts.get(sha);
    if (known !== undefined) return known;
    const header = readScriptHeader(body);
    if ('refusal' in header) return header;
    try {
      const closure = this.machine.closureOf(compileChunk(header.code, '@user_script'));
      const script = { sha, body, flags: header.flags, closure };
      this.#scripts.set(sha, script);
      this.#memoryBytes += body.length + 120;
      return script;
    } catch (thrown) {
      if (!(thrown instanceof LuaSyntaxError)) throw thrown;
      return { refusal: `Error compiling script (new function): ${thrown.message}` };
    }
  }

  flush(): void {
    this.#scripts.clear();
    this.#machine = undefined;
    this.#memoryBytes = 0;
  }

  #digest(body: Bytes): Bytes {
    const known = this.#digests.get(body);
    if (known !== undefined) return known;
    if (this.#digests.size >= 500) this.#digests.clear();
    const sha = sha1Hex(body);
    this.#digests.set(body, sha);
    return sha;
  }
}
