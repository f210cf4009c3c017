/** Files of a simulation are files of this machine; what is kept here is which of them a descriptor names, so that a child can write to it too. */
export class Files {
  readonly #paths = new Map<number, string>();

  opened(descriptor: number, path: string): void {
    this.#paths.set(descriptor, path);
  }

  closed(descriptor: number): void {
    this.#paths.delete(descriptor);
  }

  pathOf(descriptor: number): string | null {
    return this.#paths.get(descriptor) ?? null;
  }
}
