/** The toxics of one proxy in the order of adding, kept in step with the chains of its open connections. */
import type { Connection } from './connection.ts';
import { directions, meets, type Direction, type Toxic } from './toxic.ts';

/** Removed toxics whose totals are still told. */
const REMOVED_MAX = 1000;

export class ToxicList {
  #toxics: Toxic[] = [];
  readonly #removed: Toxic[] = [];
  readonly #connections: ReadonlySet<Connection>;

  constructor(connections: ReadonlySet<Connection>) {
    this.#connections = connections;
  }

  /** Those of the upstream first, as the original lists them; without those that belong to a fault. */
  visible(): Toxic[] {
    const shown = this.#toxics.filter((toxic) => toxic.onlyConnections === undefined);
    return directions.flatMap((direction) => shown.filter((toxic) => toxic.direction === direction));
  }

  /** Toxics removed since the proxy was created, oldest first; a thousand at most. */
  removed(): readonly Toxic[] {
    return this.#removed;
  }

  /** What a connection with this number meets at its start. */
  forConnection(direction: Direction, connectionNumber: number): readonly Toxic[] {
    if (this.#toxics.length === 0) return this.#toxics;
    return this.#toxics.filter((toxic) => toxic.direction === direction && meets(toxic, connectionNumber));
  }

  find(name: string): Toxic | undefined {
    return this.visible().find((toxic) => toxic.name === name);
  }

  add(toxic: Toxic): void {
    this.#toxics = [...this.#toxics, toxic];
    for (const connection of this.#connections) {
      if (meets(toxic, connection.number)) connection.link(toxic.direction)?.addToxic(toxic);
    }
  }

  /** Gives a toxic its new settings on every open connection. */
  update(toxic: Toxic, settings: { attributes: ReadonlyMap<string, number>; toxicity: number }): void {
    toxic.attributes = settings.attributes;
    toxic.toxicity = settings.toxicity;
    for (const connection of this.#connections) connection.link(toxic.direction)?.updateToxic(toxic);
  }

  remove(toxic: Toxic): void {
    this.#toxics = this.#toxics.filter((candidate) => candidate !== toxic);
    for (const connection of this.#connections) connection.link(toxic.direction)?.removeToxic(toxic);
    if (toxic.onlyConnections !== undefined) return;
    this.#removed.push(toxic);
    if (this.#removed.length > REMOVED_MAX) this.#removed.shift();
  }

  clear(): void {
    for (const toxic of this.visible()) this.remove(toxic);
  }
}
