/**
 * The newest committed version of every record of a collection, by record number, in arrays of numbers: a collection
 * of a million small documents must not cost an object each. Numbers ascend in the order of insertion.
 */
import { DocumentSlabs, nowhere } from './document-slabs.ts';

const pageRecords = 256;

/**
 * Two numbers a record, beside each other because they are read together: the commit timestamp of the version, 0 where
 * there is no record; and the place of its document, `nowhere` for a removal that some snapshot does not see yet.
 */
type Page = Float64Array;

export class CurrentVersions {
  readonly #pages: (Page | undefined)[] = [];
  readonly #recordsOfPage: number[] = [];
  readonly #slabs = new DocumentSlabs({
    placeOf: (recordId) => this.#place(recordId),
    moved: (recordId, place) => {
      const page = this.#pageOf(recordId);
      if (page !== undefined) page[(recordId % pageRecords) * 2 + 1] = place;
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
    return this.#pageOf(recordId)?.[(recordId % pageRecords) * 2] ?? 0;
  }

  /** True when the newest version is a document and no removal. */
  has(recordId: number): boolean {
    return this.#place(recordId) !== nowhere;
  }

  /** BSON of the newest version; undefined when there is none or it is removed. The view stays valid for ever. */
  bytes(recordId: number): Buffer | undefined {
    const place = this.#place(recordId);
    return place === nowhere ? undefined : this.#slabs.view(place);
  }

  put(recordId: number, bytes: Uint8Array, timestamp: number): void {
    const page = this.#pageFor(recordId);
    this.#leave(page, recordId, timestamp);
    page[(recordId % pageRecords) * 2 + 1] = this.#slabs.add(recordId, bytes);
  }

  /** Keeps the record as removed, until `clear`. */
  remove(recordId: number, timestamp: number): void {
    this.#leave(this.#pageFor(recordId), recordId, timestamp);
  }

  /** Forgets the record. */
  clear(recordId: number): void {
    const page = this.#pageOf(recordId);
    if (page === undefined || this.timestamp(recordId) === 0) return;
    this.#leave(page, recordId, 0);
    const number = Math.floor(recordId / pageRecords);
    const records = (this.#recordsOfPage[number] ?? 0) - 1;
    this.#recordsOfPage[number] = records;
    if (records === 0) this.#pages[number] = undefined;
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
      if (page[(recordId % pageRecords) * 2] !== 0) yield recordId;
      recordId += 1;
    }
  }

  /** Sets the time of a version without a document, and releases the place of the one before. */
  #leave(page: Page, recordId: number, timestamp: number): void {
    const at = (recordId % pageRecords) * 2;
    const place = page[at + 1] ?? nowhere;
    if (page[at] === 0 && timestamp !== 0) {
      const number = Math.floor(recordId / pageRecords);
      this.#recordsOfPage[number] = (this.#recordsOfPage[number] ?? 0) + 1;
    }
    page[at] = timestamp;
    page[at + 1] = nowhere;
    if (place !== nowhere) this.#slabs.release(place);
  }

  #place(recordId: number): number {
    return this.#pageOf(recordId)?.[(recordId % pageRecords) * 2 + 1] ?? nowhere;
  }

  #pageOf(recordId: number): Page | undefined {
    return this.#pages[Math.floor(recordId / pageRecords)];
  }

  #pageFor(recordId: number): Page {
    if (recordId >= this.#nextRecordId) this.#nextRecordId = recordId + 1;
    const number = Math.floor(recordId / pageRecords);
    let page = this.#pages[number];
    if (page === undefined) {
      page = new Float64Array(pageRecords * 2);
      while (this.#pages.length < number) {
        this.#pages.push(undefined);
        this.#recordsOfPage.push(0);
      }
      this.#pages[number] = page;
      this.#recordsOfPage[number] = 0;
    }
    return page;
  }
}
