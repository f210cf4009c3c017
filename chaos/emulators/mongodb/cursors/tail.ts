/** Tailable cursors: what was inserted into a capped collection since the last look, in the order of insertion. */
import { encodeDocument } from '../bson/encode.ts';
import { compileFilter } from '../query/matcher.ts';
import type { Query } from '../query/plan/find-documents.ts';
import type { Projection } from '../query/projection.ts';
import type { ServerState } from '../server-state.ts';
import type { StoredDocument } from '../storage/contract.ts';
import { RawDocument } from '../wire/reply-writer.ts';
import type { CursorSource } from './cursor-store.ts';

export interface TailOptions {
  readonly query: Query;
  readonly projection: Projection | undefined;
  /** getMore waits for more when there is nothing. */
  readonly awaitData: boolean;
}

export function tailSource(server: ServerState, { query, projection, awaitData }: TailOptions): CursorSource {
  const matches = compileFilter(query.filter, query.environment);
  let lastRecordId = 0;
  let waiting: StoredDocument[] = [];
  let position = 0;
  let hasReturned = false;
  const look = (): void => {
    waiting = [];
    position = 0;
    const storage = server.engine.begin();
    try {
      for (const stored of storage.scan(query.namespace)) {
        if (stored.recordId <= lastRecordId) continue;
        lastRecordId = stored.recordId;
        if (matches(stored.document())) waiting.push(stored);
      }
    } finally {
      storage.abort();
    }
  };
  const next = (): IteratorResult<RawDocument, undefined> => {
    if (position === waiting.length) look();
    const stored = waiting[position];
    if (stored === undefined) return { done: true, value: undefined };
    position += 1;
    hasReturned = true;
    const bytes =
      projection === undefined
        ? stored.bytes
        : encodeDocument(projection.apply(stored.document(), undefined));
    return { done: false, value: new RawDocument(bytes) };
  };
  return {
    documents: { next },
    /** One that found nothing at first is dead, as in MongoDB. */
    get isTailable() {
      return hasReturned;
    },
    ...(awaitData ? { onMore: (listener: () => void) => server.changes.onPublish(listener) } : {}),
    close: () => undefined,
  };
}
