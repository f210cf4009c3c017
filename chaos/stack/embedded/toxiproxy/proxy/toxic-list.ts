/** The toxics of one proxy in the order of adding, kept in step with the chains of its open connections. */
import type { Connection } from './connection.ts';
import { directions, type Direction, type Toxic } from './toxic.ts';

export class ToxicList {
  #toxics: Toxic[] = [];
  readonly #connections: ReadonlySet<Connection>;

  constructor(connections: ReadonlySet<Connection>) {
    this.#connections = connections;
  }

  /** Those of the upstream first, as the original lists them. */
  all(): Toxic[] {
    return directions.flatMap((direction) => this.#toxics.filter((toxic) => toxic.direction === direction));
  }

  /** What a connection with this number meets at its start. */
  forConnection(direction: Direction, connectionNumber: number): readonly Toxic[] {
    if (this.#toxics.length === 0) return this.#toxics;
    return this.#toxics.filter(
      (toxic) =>
        toxic.direction === direction &&
        (toxic.lastConnection === undefined || connectionNumber <= toxic.lastConnection),
    );
  }

  find(name: string): Toxic | undefined {
    return this.#toxics.find((toxic) => toxic.name === name);
  }

  add(toxic: Toxic): void {
    this.#toxics = [...this.#toxics, toxic];
    for (const connection of this.#connections) connection.link(toxic.direction)?.addToxic(toxic);
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
  }

  clear(): void {
    for (const toxic of this.all()) this.remove(toxic);
  }
}
