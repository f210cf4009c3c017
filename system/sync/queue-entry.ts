/** A write as an entry of the Redis stream, and back: parsed, so that an entry of an unknown type is set aside and never dropped. */
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

/** Undefined when the entry is none that this version of the code can write. */
export function decodeEntry(entryId: string, fields: readonly string[]): QueuedWrite | undefined {
  const named = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    named.set(fields[index] ?? '', fields[index + 1] ?? '');
  }
  const envelope = parseEnvelope(named.get('envelope') ?? '');
  if (envelope === undefined) return undefined;
  const { type, base, fence, lists, savedBy } = envelope;
  const document = entityCodec(kindOf(type)).decode(named.get('document') ?? '');
  return document === undefined
    ? undefined
    : { entryId, write: { type, document, base, fence, lists }, savedBy };
}

function parseEnvelope(text: string): z.output<typeof envelopeSchema> | undefined {
  try {
    const parsed = envelopeSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
