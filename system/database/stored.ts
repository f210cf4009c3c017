/** A collection whose documents are parsed when read, and what in the cache is stale when one of them changes. */
import type { z } from 'zod';
import { SystemError } from '../errors.ts';
import { hasOnlyUnknownFields } from '../models/known-fields.ts';
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
  /** Fields of a newer release are kept. Throws `document_damaged` when a document is none of this kind. */
  parse(document: unknown): T;
  /** Cache keys of the entity and of the lists that hold it. */
  cacheKeysOf(document: T): readonly string[];
}

export function parseStored<T>(schema: z.ZodType<T>, collection: string, document: unknown): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  // All that the schema asks for is there, so it is a T with more to it.
  if (hasOnlyUnknownFields(parsed.error)) return document as T;
  const issue = parsed.error.issues.find(({ code }) => code !== 'unrecognized_keys');
  const problem = `${issue?.path.join('.')}: ${issue?.message}`;
  throw new SystemError('document_damaged', `${idOf(document)} of ${collection} is damaged, ${problem}`);
}

function idOf(document: unknown): string {
  return typeof document === 'object' && document !== null && '_id' in document
    ? String(document._id)
    : 'a document';
}
