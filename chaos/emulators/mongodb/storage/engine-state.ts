/** What a storage engine holds: the collections, their history for snapshots, the sessions' records and the time. */
import type { Clock } from '../../../clock.ts';
import { ActiveSnapshots } from './active-snapshots.ts';
import { Catalogue } from './catalogue.ts';
import type { Document, IndexSpec } from './contract.ts';
import { OrderedIndex, type FilterCompiler } from './ordered-index.ts';
import { SessionRecords } from './session-records.ts';
import { idIndexName, StoredCollection } from './stored-collection.ts';
import { TimestampSource } from './timestamps.ts';
import { isDocument } from '../query/bson-value.ts';

/** The collection's collation is that of its ids; those of a time series may occur several times. */
function idIndexSpec({ collation, timeseries }: Document): IndexSpec {
  return {
    name: idIndexName,
    key: { _id: 1 },
    unique: timeseries === undefined,
    sparse: false,
    ...(isDocument(collation) ? { collation } : {}),
  };
}

export class EngineState {
  readonly catalogue = new Catalogue();
  readonly snapshots = new ActiveSnapshots();
  readonly sessions = new SessionRecords();
  readonly timestamps: TimestampSource;
  readonly #compileFilter: FilterCompiler;
  #nextCollectionId = 1;

  constructor(clock: Clock, compileFilter: FilterCompiler) {
    this.timestamps = new TimestampSource(clock);
    this.#compileFilter = compileFilter;
  }

  newCollectionId(): number {
    const id = this.#nextCollectionId;
    this.#nextCollectionId += 1;
    return id;
  }

  /** A collection with its `_id` index, not in the catalogue yet. */
  newCollection(id: number, namespace: string, uuid: Uint8Array, options: Document): StoredCollection {
    this.#nextCollectionId = Math.max(this.#nextCollectionId, id + 1);
    return new StoredCollection(id, namespace, uuid, options, this.newIndex(idIndexSpec(options)));
  }

  newIndex(spec: IndexSpec): OrderedIndex {
    return new OrderedIndex(spec, this.#compileFilter);
  }

  /** Bytes of all documents. */
  dataBytes(): number {
    return this.catalogue.all().reduce((sum, collection) => sum + collection.totalBytes, 0);
  }
}
