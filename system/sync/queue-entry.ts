/** A write as an entry of the Redis stream, and back: parsed, so that an entry that this release cannot read is set aside. */
import { z } from 'zod';
import { entityCodec } from '../cache/codec.ts';
import { kindOf } from '../models/registry.ts';
import type { EntityWrite } from './entity-write.ts';

export interface QueuedWrite {
  readonly entryId: string;
  readonly write: EntityWrite;
  /** The process that waits for the outcome. */
  readonly savedBy: string;
}

const envelopeSchema = z.strictObject({
  type: z.enum(['city', 'general', 'nation', 'session']),
  base: z.strictObject({ version: z.int().positive(), writeId: z.string() }),
  fence: z.int().positive().optional(),
  lists: z.array(z.string()),
  savedBy: z.string(),
});

/** The document as it will be in the cache. */
export function encodeDocument(write: EntityWrite): string {
  return entityCodec(kindOf(write.type)).encode(write.document);
}

/** False for a document with fields of a newer release: JSON would lose their types. */
export function isQueueable(write: EntityWrite): boolean {
  return kindOf(write.type).knowsFields(write.document);
}

export function entityKeysOf(write: EntityWrite): readonly [string, ...string[]] {
  return kindOf(write.type).entityKeys(write.document);
}

/** The two fields of the entry: the envelope and the document, which goes to the cache as it is. */
export function encodeEntry(write: EntityWrite, savedBy: string): { envelope: string; document: string } {
  const { type, base, fence, lists } = write;
  return {
    envelope: JSON.stringify({ type, base, fence, lists, savedBy }),
    document: encodeDocument(write),
  };
}

export type DecodedEntry =
  | { readonly kind: 'write'; readonly queued: QueuedWrite }
  /** None that this release can write; `author` as far as the entry tells. */
  | { readonly kind: 'unreadable'; readonly author: Author | undefined };

interface Author {
  readonly savedBy: string;
  readonly writeId: string;
}

export function decodeEntry(entryId: string, fields: readonly string[]): DecodedEntry {
  const named = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    named.set(fields[index] ?? '', fields[index + 1] ?? '');
  }
  const texts = { envelope: named.get('envelope') ?? '', document: named.get('document') ?? '' };
  const envelope = envelopeSchema.safeParse(parseJson(texts.envelope));
  if (!envelope.success) return { kind: 'unreadable', author: authorOf(texts) };
  const { type, base, fence, lists, savedBy } = envelope.data;
  const document = entityCodec(kindOf(type)).decode(texts.document);
  if (document === undefined) return { kind: 'unreadable', author: authorOf(texts) };
  return { kind: 'write', queued: { entryId, write: { type, document, base, fence, lists }, savedBy } };
}

const saverSchema = z.looseObject({ savedBy: z.string() });
const writtenSchema = z.looseObject({ write_id: z.string() });

function authorOf(texts: { readonly envelope: string; readonly document: string }): Author | undefined {
  const saver = saverSchema.safeParse(parseJson(texts.envelope));
  const written = writtenSchema.safeParse(parseJson(texts.document));
  if (!saver.success || !written.success) return undefined;
  return { savedBy: saver.data.savedBy, writeId: written.data.write_id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
