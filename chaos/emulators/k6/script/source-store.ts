/** Where the text of modules comes from: files, what is kept of remote modules, or an archive. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRemote, unresolvable } from './specifier.ts';

export interface SourceStore {
  /** Rejects with a `RunError` that says what to do. */
  read(url: string): Promise<string>;
  /** For `require`, which cannot wait. */
  readNow(url: string): string;
}

export interface RemoteModules {
  fetch(url: string): Promise<string>;
  /** Undefined when it was never fetched. */
  kept(url: string): string | undefined;
}

export class FileSources implements SourceStore {
  readonly #remote: RemoteModules;

  constructor(remote: RemoteModules) {
    this.#remote = remote;
  }

  async read(url: string): Promise<string> {
    return isRemote(url) ? this.#remote.fetch(url) : this.readNow(url);
  }

  readNow(url: string): string {
    if (!isRemote(url)) return readModuleFile(fileURLToPath(url));
    const text = this.#remote.kept(url);
    if (text !== undefined) return text;
    throw unresolvable(
      `the remote module ${url} was not fetched when the script was loaded: import it, or require it by a literal name`,
    );
  }
}

function readModuleFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) throw unresolvable(`the module ${path} cannot be read: ${String(error)}`);
    const hint = extname(path) === '' ? ': k6 takes the name as it stands, add .js or .ts to it' : '';
    throw unresolvable(`the module ${path} does not exist${hint}`);
  }
}
