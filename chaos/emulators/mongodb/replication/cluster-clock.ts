/** The logical clock of the replica set: seconds and a counter, as `$clusterTime` and `operationTime` tell it. */
import { Binary, Long, Timestamp } from 'bson';
import type { Clock } from '../../../clock.ts';
import type { Document } from '../storage/contract.ts';

const signature = { hash: new Binary(new Uint8Array(20), 0), keyId: Long.ZERO };
/** A gossiped time further ahead of the wall clock is not believed (MongoDB's maxAcceptableLogicalClockDriftSecs). */
const driftSecondsMax = 31_536_000;

export class ClusterClock {
  readonly #clock: Clock;
  #seconds: number;
  #counter = 1;
  /** Time of the last write. */
  #writeSeconds: number;
  #writeCounter = 1;
  #operationTime: Timestamp | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#seconds = Math.floor(clock.nowMs() / 1000);
    this.#writeSeconds = this.#seconds;
  }

  now(): Timestamp {
    return new Timestamp({ t: this.#seconds, i: this.#counter });
  }

  /** Seconds of the present time. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Number of the present time within its second. */
  get counter(): number {
    return this.#counter;
  }

  /** Time of the last write. */
  get operationTime(): Timestamp {
    this.#operationTime ??= new Timestamp({ t: this.#writeSeconds, i: this.#writeCounter });
    return this.#operationTime;
  }

  /** Makes the present time that of a new write, later than all before. */
  tick(): void {
    const seconds = Math.floor(this.#clock.nowMs() / 1000);
    if (seconds > this.#seconds) {
      this.#seconds = seconds;
      this.#counter = 1;
    } else this.#counter += 1;
    this.#writeSeconds = this.#seconds;
    this.#writeCounter = this.#counter;
    this.#operationTime = undefined;
  }

  /** Takes over a later time a client heard elsewhere. */
  advance(time: Timestamp): void {
    const seconds = time.getHighBitsUnsigned();
    const counter = time.getLowBitsUnsigned();
    if (seconds > Math.floor(this.#clock.nowMs() / 1000) + driftSecondsMax) return;
    if (seconds > this.#seconds || (seconds === this.#seconds && counter > this.#counter)) {
      this.#seconds = seconds;
      this.#counter = counter;
    }
  }

  clusterTime(): Document {
    return { clusterTime: this.now(), signature };
  }
}
