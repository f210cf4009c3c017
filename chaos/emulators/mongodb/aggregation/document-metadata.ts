/**
 * What is known of a document besides its fields: how well it matched a text search, how far away it lies. It belongs to
 * the decoded document, and stages that make a new one of it hand it on.
 */
import { locationError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';

export interface DocumentMetadata {
  readonly textScore?: number;
  readonly geoNearDistance?: number;
  readonly geoNearPoint?: unknown;
  readonly recordId?: unknown;
  readonly indexKey?: Document;
}

const known = new WeakMap<object, DocumentMetadata>();

export function setMetadata(document: Document, metadata: DocumentMetadata): void {
  known.set(document, { ...known.get(document), ...metadata });
}

export function carryMetadata(from: Document, to: Document): Document {
  const metadata = known.get(from);
  if (metadata !== undefined && from !== to) known.set(to, metadata);
  return to;
}

const names = ['geoNearDistance', 'geoNearPoint', 'indexKey', 'recordId', 'textScore'] as const;

export type MetadataName = (typeof names)[number];

/** @throws MongoError 17307, 17308. */
export function metadataName(operand: unknown): MetadataName {
  if (typeof operand !== 'string') throw locationError(17307, '$meta only supports string arguments');
  const name = names.find((item) => item === operand);
  if (name === undefined) throw locationError(17308, `Unsupported argument to $meta: ${operand}`);
  return name;
}

/** The value of `{$meta: …}`; undefined where there is none. @throws MongoError 40218 when a text score is not known. */
export function metaExpression(operand: unknown): (document: unknown) => unknown {
  const name = metadataName(operand);
  return (document) => {
    const value = typeof document === 'object' && document !== null ? known.get(document)?.[name] : undefined;
    if (value === undefined && name === 'textScore') {
      throw locationError(40218, 'query requires text score metadata, but it is not available');
    }
    return value;
  };
}
