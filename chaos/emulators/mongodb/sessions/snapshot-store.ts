/**
 * Snapshots handed out by reads with read concern "snapshot" outside of transactions: the client names one by its
 * cluster time in later reads, so it is kept for as long as MongoDB keeps history.
 */
import type { Timestamp } from 'bson';
import type { Clock } from '../../../clock.ts';
import type { ReadConcern } from '../commands/concerns.ts';
import { MongoError } from '../errors.ts';
import type { ClusterClock } from '../replication/cluster-clock.ts';
import type { StorageEngine, StorageTransaction } from '../storage/contract.ts';

/** MongoDB's minSnapshotHistoryWindowInSeconds. */
const historyMs = 300_000;
/** Older snapshots are given up first when clients name more than this. */
const snapshotsMax = 1000;

interface HeldSnapshot {
  readonly storage: StorageTransaction;
  readonly expiry: Disposable;
}

export class SnapshotStore {
  readonly #held = new Map<string, HeldSnapshot>();
  readonly #clock: Clock;
  readonly #clusterClock: ClusterClock;
  readonly #engine: StorageEngine;

  constructor(engine: StorageEngine, clock: Clock, clusterClock: ClusterClock) {
    this.#engine = engine;
    this.#clock = clock;
    this.#clusterClock = clusterClock;
  }

  /** The snapshot that the read concern asks for; undefined when it asks for none. */
  forReadConcern(readConcern: ReadConcern): StorageTransaction | undefined {
    if (readConcern.level !== 'snapshot') return undefined;
    const time = readConcern.atClusterTime ?? this.#clusterClock.now();
    const held = this.#held.get(time.toString());
    if (held !== undefined) return held.storage;
    if (readConcern.atClusterTime !== undefined && time.lessThan(this.#clusterClock.operationTime)) {
      throw new MongoError('SnapshotTooOld', 'Read timestamp is older than the oldest available timestamp.');
    }
    return this.#hold(time, this.#engine.begin());
  }

  close(): void {
    for (const key of this.#held.keys()) this.#release(key);
  }

  #hold(time: Timestamp, storage: StorageTransaction): StorageTransaction {
    const key = time.toString();
    this.#held.set(key, { storage, expiry: this.#clock.timer(historyMs, () => this.#release(key)) });
    const [oldest] = this.#held.keys();
    if (this.#held.size > snapshotsMax && oldest !== undefined) this.#release(oldest);
    return storage;
  }

  #release(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    held.expiry[Symbol.dispose]();
    held.storage.abort();
  }
}
