/**
 * The newest committed version of every record of a collection, by record number, in arrays of numbers: a collection
 * of a million small documents must not cost an object each. Numbers ascend in the order of insertion.
 */
import { DocumentSlabs, type Slab } from './document-slabs.ts';

const pageRecords = 256;

interface Page {
  /** Commit timestamp of the version; 0 where there is no record. */
  readonly timestamps: Float64Array;
  /** Offset of the BSON in its slab; 0 for a removed document, whose removal some snapshot does not see yet. */
  readonly offsets: Uint32Array;
  readonly slabs: (Slab | undefined)[];
  records: number;
}

export class CurrentVersions {
  readonly #pages: (Page | undefined)[] = [];
  readonly #slabs = new DocumentSlabs({
    isAt: (recordId, slab, at) => {
      const page = this.#pageOf(recordId);
      const index = recordId % pageRecords;
      return page?.slabs[index] === slab && page.offsets[index] === at;
    },
    moved: (recordId, slab, at) => {
      const page = this.#pageOf(recordId);
      if (page === undefined) return;
      page.slabs[recordId % pageRecords] = slab;
      page.offsets[recordId % pageRecords] = at;
    },
  });
  #nextRecordId = 1;

  /** One more than the greatest number given out. */
  get nextRecordId(): number {
    return this.#nextRecordId;
  }

  allocate(): number {
    const recordId = this.#nextRecordId;
    this.#nextRecordId += 1;
    return recordId;
  }

  /** Commit timestamp of the newest version or removal; 0 when there is no such record. */
  timestamp(recordId: number): number {
    return this.#pageOf(recordId)?.timestamps[recordId % pageRecords] ?? 0;
  }

  /** True when the newest version is a document and no removal. */
  has(recordId: number): boolean {
    return this.#pageOf(recordId)?.slabs[recordId % pageRecords] !== undefined;
  }

  /** BSON of the newest version; undefined when there is none or it is removed. The view stays valid for ever. */
  bytes(recordId: number): Buffer | undefined {
    const page = this.#pageOf(recordId);
    const index = recordId % pageRecords;
    const slab = page?.slabs[index];
    const at = page?.offsets[index];
    if (slab === undefined || at === undefined) return undefined;
    return slab.buffer.subarray(at, at + slab.buffer.readInt32LE(at));
  }

  put(recordId: number, bytes: Uint8Array, timestamp: number): void {
    const page = this.#pageFor(recordId);
    const index = recordId % pageRecords;
    this.#place(page, index, timestamp);
    const { slab, at } = this.#slabs.add(recordId, bytes);
    page.slabs[index] = slab;
    page.offsets[index] = at;
  }

  /** Keeps the record as removed, until `clear`. */
  remove(recordId: number, timestamp: number): void {
    const page = this.#pageFor(recordId);
    this.#place(page, recordId % pageRecords, timestamp);
  }

  /** Forgets the record. */
  clear(recordId: number): void {
    const page = this.#pageOf(recordId);
    const index = recordId % pageRecords;
    if (page === undefined || page.timestamps[index] === 0) return;
    this.#place(page, index, 0);
    page.records -= 1;
    if (page.records === 0) this.#pages[Math.floor(recordId / pageRecords)] = undefined;
  }

  /** Numbers of all records from `from` up to `to` (excluded); those added meanwhile below `to` are included. */
  *recordIds(from: number, to: number): IterableIterator<number> {
    let recordId = from;
    while (recordId < to) {
      const page = this.#pageOf(recordId);
      if (page === undefined) {
        recordId = (Math.floor(recordId / pageRecords) + 1) * pageRecords;
        continue;
      }
      if (page.timestamps[recordId % pageRecords] !== 0) yield recordId;
      recordId += 1;
    }
  }

  /** Sets the time of the version and releases the place of the one before. */
  #place(page: Page, index: number, timestamp: number): void {
    const slab = page.slabs[index];
    const at = page.offsets[index] ?? 0;
    if (page.timestamps[index] === 0 && timestamp !== 0) page.records += 1;
    page.timestamps[index] = timestamp;
    page.slabs[index] = undefined;
    page.offsets[index] = 0;
    if (slab !== undefined) this.#slabs.release(slab, at);
  }

  #pageOf(recordId: number): Page | undefined {
    return this.#pages[Math.floor(recordId / pageRecords)];
  }

  #pageFor(recordId: number): Page {
    if (recordId >= this.#nextRecordId) this.#nextRecordId = recordId + 1;
    const number = Math.floor(recordId / pageRecords);
    let page = this.#pages[number];
    if (page === undefined) {
      page = {
        timestamps: new Float64Array(pageRecords),
        offsets: new Uint32Array(pageRecords),
        slabs: Array.from({ length: pageRecords }),
        records: 0,
      };
      while (this.#pages.length < number) this.#pages.push(undefined);
      this.#pages[number] = page;
    }
    return page;
  }
}
