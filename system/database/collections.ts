/** The collections of a world and how their documents are read: parsed, so that a document the code does not know is an error and not an entity. */
import { type Connection, Schema } from 'mongoose';
import { type Codec, entityCodec, listCodec } from '../cache/codec.ts';
import type { JournalRow } from '../cache/journal.ts';
import { SystemError } from '../errors.ts';
import type { Entity, EntityKind } from '../models/entity-kind.ts';
import { entityKinds, type EntityMap, type EntityType, entityTypes } from '../models/registry.ts';
import type { Collection } from './driver.ts';

export interface Fence {
  readonly _id: string;
  readonly token: number;
}

export interface TurnLogEntry {
  readonly _id: string;
  readonly session_id: string;
  readonly turn: number;
  readonly token: number;
  readonly by: string;
  readonly processed_at: Date;
  readonly generals: number;
}

/** A collection of entities of one kind. */
export interface EntityCollection<T extends Entity> {
  readonly kind: EntityKind<T>;
  readonly codec: Codec<T>;
  readonly listCodec: Codec<readonly T[]>;
  readonly documents: Collection<T>;
  /** Throws `internal` when a document is none of this kind. */
  parse(document: unknown): T;
}

export interface Collections {
  readonly entities: { readonly [Type in EntityType]: EntityCollection<EntityMap[Type]> };
  readonly fences: Collection<Fence>;
  readonly journal: Collection<JournalRow>;
  readonly turnLog: Collection<TurnLogEntry>;
  /** Creates what is missing of collections and indexes; safe to repeat, and by several processes at once. */
  prepare(): Promise<void>;
}

export function openCollections(connection: Connection, l2TtlSeconds: number): Collections {
  for (const type of entityTypes) {
    const kind = entityKinds[type];
    connection.model(type, kind.mongooseSchema, kind.collection);
  }
  const journalSchema = new Schema({ _id: String, keys: [String], at: Date }, { versionKey: false });
  journalSchema.index({ at: 1 }, { expireAfterSeconds: l2TtlSeconds + 60 });
  const journal = connection.model('journal', journalSchema, 'invalidation_journal');
  const fences = connection.model('fence', new Schema({ _id: String, token: Number }), 'fences');
  const turnLogSchema = new Schema({ _id: String, session_id: String, turn: Number }, { strict: false });
  turnLogSchema.index({ session_id: 1, turn: 1 }, { unique: true });
  const turnLog = connection.model('turn_log', turnLogSchema, 'turn_log');
  return {
    entities: {
      city: entityCollection(connection, entityKinds.city),
      general: entityCollection(connection, entityKinds.general),
      nation: entityCollection(connection, entityKinds.nation),
      session: entityCollection(connection, entityKinds.session),
    },
    fences: fences.collection as unknown as Collection<Fence>,
    journal: journal.collection as unknown as Collection<JournalRow>,
    turnLog: turnLog.collection as unknown as Collection<TurnLogEntry>,
    prepare: async () => {
      for (const model of Object.values(connection.models)) {
        await model.createCollection();
        await model.createIndexes();
      }
    },
  };
}

function entityCollection<T extends Entity>(
  connection: Connection,
  kind: EntityKind<T>,
): EntityCollection<T> {
  return {
    kind,
    codec: entityCodec(kind),
    listCodec: listCodec(kind),
    documents: connection.model(kind.type).collection as unknown as Collection<T>,
    parse: (document) => {
      const parsed = kind.databaseSchema.safeParse(document);
      if (parsed.success) return parsed.data;
      throw new SystemError('internal', `a document of ${kind.collection} is damaged`, {
        definite: true,
        cause: parsed.error,
      });
    },
  };
}
