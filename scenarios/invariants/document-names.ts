/** How the documents of a world are named (docs/data.md): by their session, a letter for the collection, and what tells them apart within it. */
import type { Document } from './documents.ts';

const entities = {
  auctions: { letter: 'a', field: 'auction' },
  battles: { letter: 'b', field: 'battle' },
  cities: { letter: 'c', field: 'city' },
  generals: { letter: 'g', field: 'no' },
  items: { letter: 'i', field: 'item' },
  nations: { letter: 'n', field: 'nation' },
  tournaments: { letter: 't', field: 'tournament' },
} as const;
export type EntityCollection = keyof typeof entities;
export const entityCollections = Object.keys(entities) as readonly EntityCollection[];

export function isEntityCollection(name: string): name is EntityCollection {
  return name in entities;
}

/** The `_id` of the entity of this number or name. */
export function entityName(collection: EntityCollection, session: unknown, own: unknown): string {
  return `${namePrefix(collection, session)}${String(own)}`;
}

/** With what the names of a collection begin in a session. */
export function namePrefix(collection: EntityCollection, session: unknown): string {
  return `${String(session)}:${entities[collection].letter}`;
}

/** The `_id` that an entity should have by its other fields. */
export function nameByFields(collection: EntityCollection, document: Document): string {
  return entityName(collection, document['session_id'], document[entities[collection].field]);
}
