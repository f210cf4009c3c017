/** Files of a simulation are files of this machine; what is kept here is which of them a descriptor names, so that a child gets its own. */
import fs from 'node:fs';

export class Files {
  readonly #paths = new Map<number, string>();

  opened(descriptor: number, path: string): void {
    this.#paths.set(descriptor, path);
  }

  closed(descriptor: number): void {
    this.#paths.delete(descriptor);
  }

  /** Another descriptor of the same file, as a child process gets it; it appends. */
  duplicate(descriptor: number): number | null {
    const path = this.#paths.get(descriptor);
    return path === undefined ? null : fs.openSync(path, 'a');
  }

  write(descriptor: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += fs.writeSync(descriptor, bytes, at);
  }
}
