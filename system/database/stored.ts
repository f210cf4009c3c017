/** A collection whose documents are parsed when read, and what in the cache is stale when one of them changes. */
import type { z } from 'zod';
import { SystemError } from '../errors.ts';
import type { Collection } from './driver.ts';

/** What every document of a world carries. */
export interface StoredDocument {
  readonly _id: string;
  readonly session_id: string;
  readonly version: number;
  readonly write_id: string;
  readonly updated_at: Date;
}

export interface Stored<T extends StoredDocument> {
  readonly documents: Collection<T>;
  /** Throws `internal` when a document is none of this kind. */
  parse(document: unknown): T;
  /** Cache keys of the entity and of the lists that hold it. */
  cacheKeysOf(document: T): readonly string[];
}

export function parseStored<T>(schema: z.ZodType<T>, collection: string, document: unknown): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new SystemError('internal', `a document of ${collection} is damaged`, {
    definite: true,
    cause: parsed.error,
  });
}
