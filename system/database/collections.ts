/** The collections of a world and how their documents are read: parsed, so that a document the code does not know is an error and not an entity. */
import type { z } from 'zod';
import { type Connection, type Model, Schema } from 'mongoose';
import { type Codec, entityCodec, listCodec } from '../cache/codec.ts';
import type { JournalRow } from '../cache/journal.ts';
import { type Auction, auctionMongooseSchema, auctionSchema } from '../models/auction.ts';
import { type Battle, battleMongooseSchema, battleSchema } from '../models/battle.ts';
import type { Entity, EntityKind } from '../models/entity-kind.ts';
import { type Item, itemMongooseSchema, itemSchema } from '../models/item.ts';
import { entityKinds, type EntityMap, type EntityType, entityTypes } from '../models/registry.ts';
import { type Relation, relationMongooseSchema, relationSchema } from '../models/relation.ts';
import { type Tournament, tournamentMongooseSchema, tournamentSchema } from '../models/tournament.ts';
import type { Collection } from './driver.ts';
import { parseStored, type Stored, type StoredDocument } from './stored.ts';

export interface Fence {
  readonly _id: string;
  readonly token: number;
  /** When the token was drawn, by MongoDB's clock; absent in rows of earlier releases, which get it with the next one. */
  readonly at?: Date;
  /** Transactions under the lock; counted so that they and the drawing of a newer token exclude each other. */
  readonly uses?: number;
}

/** A compound operation that took effect, under its Idempotency-Key; written in its transaction. */
export interface AnsweredRequest {
  readonly _id: string;
  readonly session_id: string;
  readonly fingerprint: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
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
export interface EntityCollection<T extends Entity> extends Stored<T> {
  readonly kind: EntityKind<T>;
  readonly codec: Codec<T>;
  readonly listCodec: Codec<readonly T[]>;
}

export interface Collections {
  readonly entities: { readonly [Type in EntityType]: EntityCollection<EntityMap[Type]> };
  readonly auctions: Stored<Auction>;
  readonly battles: Stored<Battle>;
  readonly items: Stored<Item>;
  readonly relations: Stored<Relation>;
  readonly tournaments: Stored<Tournament>;
  readonly answeredRequests: Collection<AnsweredRequest>;
  readonly fences: Collection<Fence>;
  readonly journal: Collection<JournalRow>;
  readonly turnLog: Collection<TurnLogEntry>;
  /** Creates what is missing of collections and indexes; safe to repeat, and by several processes at once. */
  prepare(): Promise<void>;
}

export interface Lifetimes {
  readonly l2TtlSeconds: number;
  readonly fenceKeepSeconds: number;
}

export function openCollections(connection: Connection, lifetimes: Lifetimes): Collections {
  for (const type of entityTypes) {
    const kind = entityKinds[type];
    connection.model(type, kind.mongooseSchema, kind.collection);
  }
  const journalSchema = new Schema(
    { _id: String, keys: [String], prefixes: [String], at: Date },
    { versionKey: false },
  );
  journalSchema.index({ at: 1 }, { expireAfterSeconds: lifetimes.l2TtlSeconds + 60 });
  const journal = connection.model('journal', journalSchema, 'invalidation_journal');
  const fenceSchema = new Schema({ _id: String, token: Number, at: Date });
  fenceSchema.index({ at: 1 }, { expireAfterSeconds: lifetimes.fenceKeepSeconds });
  const fences = connection.model('fence', fenceSchema, 'fences');
  const turnLogSchema = new Schema({ _id: String, session_id: String, turn: Number }, { strict: false });
  turnLogSchema.index({ session_id: 1, turn: 1 }, { unique: true });
  const turnLog = connection.model('turn_log', turnLogSchema, 'turn_log');
  const answeredSchema = new Schema({ _id: String, session_id: String, at: Date }, { strict: false });
  answeredSchema.index({ at: 1 }, { expireAfterSeconds: answeredForSeconds });
  const answered = connection.model('answered_request', answeredSchema, 'answered_requests');
  return {
    entities: {
      city: entityCollection(connection, entityKinds.city),
      general: entityCollection(connection, entityKinds.general),
      nation: entityCollection(connection, entityKinds.nation),
      session: entityCollection(connection, entityKinds.session),
    },
    auctions: stored<Auction>(connection, 'auctions', auctionSchema, auctionMongooseSchema),
    battles: stored<Battle>(connection, 'battles', battleSchema, battleMongooseSchema),
    items: stored<Item>(connection, 'items', itemSchema, itemMongooseSchema),
    relations: stored<Relation>(connection, 'diplomacy', relationSchema, relationMongooseSchema),
    tournaments: stored<Tournament>(connection, 'tournaments', tournamentSchema, tournamentMongooseSchema),
    answeredRequests: answered.collection as unknown as Collection<AnsweredRequest>,
    fences: fences.collection as unknown as Collection<Fence>,
    journal: journal.collection as unknown as Collection<JournalRow>,
    turnLog: turnLog.collection as unknown as Collection<TurnLogEntry>,
    prepare: async () => {
      for (const model of Object.values(connection.models)) {
        await model.createCollection();
        await createIndexes(model);
      }
      // Rows of an earlier release have no date, and would never end.
      await fences.collection.updateMany({ at: null }, { $currentDate: { at: true } });
    },
  };
}

/** How long a compound operation is recognised by its Idempotency-Key. */
const answeredForSeconds = 86_400;

function stored<T extends StoredDocument>(
  connection: Connection,
  name: string,
  schema: z.ZodType<T>,
  mongooseSchema: Schema,
): Stored<T> {
  return {
    documents: connection.model(name, mongooseSchema, name).collection as unknown as Collection<T>,
    parse: (document) => parseStored(schema, name, document),
    cacheKeysOf: () => [],
  };
}

const indexOptionsConflictCode = 85;

/** An index whose options changed with the configuration, such as a TTL, is made anew; the others stay, for rules depend on them. */
async function createIndexes(model: Model<unknown>): Promise<void> {
  for (const [fields, { expireAfterSeconds, unique }] of model.schema.indexes()) {
    const keys = new Map(
      Object.entries(fields).map(([field, direction]) => [field, direction === -1 ? -1 : 1]),
    );
    const options = {
      name: indexName(keys),
      ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds: Number(expireAfterSeconds) }),
      ...(unique === undefined ? {} : { unique: Boolean(unique) }),
    };
    try {
      await model.collection.createIndex(keys, options);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === indexOptionsConflictCode))
        throw error;
      await model.collection.dropIndex(options.name);
      await model.collection.createIndex(keys, options);
    }
  }
}

/** As MongoDB itself names it. */
function indexName(keys: ReadonlyMap<string, number>): string {
  return [...keys].map(([field, direction]) => `${field}_${direction}`).join('_');
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
    parse: (document) => parseStored(kind.databaseSchema, kind.collection, document),
    cacheKeysOf: (entity) => [...kind.entityKeys(entity), ...kind.listKeys(entity)],
  };
}
