/** What the cache, the queue and the database have to know about one type of entity. */
import type { Schema } from 'mongoose';
import type { z } from 'zod';
import type { KnowsFields } from './known-fields.ts';

/** The part that every entity has. */
export interface Entity {
  readonly _id: string;
  readonly session_id: string;
  readonly version: number;
  readonly write_id: string;
  readonly updated_at: Date;
  readonly turn_fence: number;
}

export interface EntityKind<T extends Entity> {
  readonly type: 'city' | 'general' | 'nation' | 'session';
  readonly collection: 'cities' | 'generals' | 'nations' | 'sessions';
  readonly databaseSchema: z.ZodType<T>;
  /** False for a document with fields of a newer release. */
  readonly knowsFields: KnowsFields;
  /** Fields that are ISO text in the cache and must come back as dates. */
  readonly dateFields: readonly string[];
  readonly mongooseSchema: Schema;
  /** Keys under which the entity itself is cached. */
  entityKeys(entity: T): readonly [string, ...string[]];
  /** Keys of the cached lists that hold the entity. */
  listKeys(entity: T): readonly string[];
}

export type Immutable<T> = T extends Date
  ? Date
  : T extends readonly (infer Item)[]
    ? readonly Immutable<Item>[]
    : T extends object
      ? { readonly [Field in keyof T]: Immutable<T[Field]> }
      : T;
