/** All connections, in the order in which they came. */
import type { Client } from './client.ts';

export class Clients {
  readonly #byId = new Map<number, Client>();
  #lastId = 2;

  /** IDs only ever grow. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(client: Client): void {
    this.#byId.set(client.id, client);
  }

  delete(client: Client): void {
    this.#byId.delete(client.id);
  }

  get(id: number): Client | undefined {
    return this.#byId.get(id);
  }

  get size(): number {
    return this.#byId.size;
  }

  all(): Client[] {
    return [...this.#byId.values()];
  }
}
