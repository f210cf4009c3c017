/**
 * Keeps the bytes of a collection's documents in a few large buffers, because an object a document would cost more
 * than most documents. Bytes once written are never overwritten, so views given out stay valid; a buffer most of
 * whose documents are gone is emptied by copying the rest, and the garbage collector takes it when no view is left.
 *
 * A place is one number, slab and offset, so that the table of a collection's records can be an array of numbers.
 */
const smallestSlabBytes = 4 * 1024;
const largestSlabBytes = 256 * 1024;
const headerBytes = 6;
const compactBelow = 0.6;
/** Greater than every offset of a document: one that does not fit a usual slab is alone in its own. */
const placesPerSlab = 2 ** 19;

/** No place: the offset of a document is never 0, for its header stands before it. */
export const nowhere = 0;

interface Slab {
  readonly buffer: Buffer;
  usedBytes: number;
  liveBytes: number;
}

/** The table that says where each record's current version lies. */
export interface PlaceTable {
  placeOf(recordId: number): number;
  moved(recordId: number, place: number): void;
}

export class DocumentSlabs {
  readonly #table: PlaceTable;
  readonly #slabs: (Slab | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  #current = 0;
  #totalBytes = 0;

  constructor(table: PlaceTable) {
    this.#table = table;
    this.#current = this.#newSlab(smallestSlabBytes);
  }

  /** Copies the document in; returns its place. */
  add(recordId: number, bytes: Uint8Array): number {
    const size = headerBytes + bytes.length;
    const number = this.#numberFor(size);
    const slab = this.#slab(number);
    const start = slab.usedBytes;
    slab.buffer.writeUIntLE(recordId, start, headerBytes);
    slab.buffer.set(bytes, start + headerBytes);
    slab.usedBytes += size;
    slab.liveBytes += size;
    this.#totalBytes += size;
    return number * placesPerSlab + start + headerBytes;
  }

  /** A view of the document at a place, which stays valid when the document is moved or released. */
  view(place: number): Buffer {
    const { buffer } = this.#slab(Math.floor(place / placesPerSlab));
    const at = place % placesPerSlab;
    return buffer.subarray(at, at + buffer.readInt32LE(at));
  }

  /** Tells that the document there is no current version any more. Call it after the table has forgotten the place. */
  release(place: number): void {
    const number = Math.floor(place / placesPerSlab);
    const slab = this.#slab(number);
    const size = headerBytes + slab.buffer.readInt32LE(place % placesPerSlab);
    slab.liveBytes -= size;
    this.#totalBytes -= size;
    if (number === this.#current || slab.liveBytes >= slab.usedBytes * compactBelow) return;
    if (slab.liveBytes > 0) this.#empty(number, slab);
    this.#slabs[number] = undefined;
    this.#freeNumbers.push(number);
  }

  #slab(number: number): Slab {
    const slab = this.#slabs[number];
    if (slab === undefined) throw new RangeError(`there is no slab ${number}`);
    return slab;
  }

  #numberFor(size: number): number {
    const current = this.#slab(this.#current);
    if (current.usedBytes + size <= current.buffer.length) return this.#current;
    const usual = Math.min(Math.max(this.#totalBytes >> 3, smallestSlabBytes), largestSlabBytes);
    if (size > usual / 4) return this.#newSlab(size);
    this.#current = this.#newSlab(usual);
    return this.#current;
  }

  #newSlab(bytes: number): number {
    const number = this.#freeNumbers.pop() ?? this.#slabs.length;
    this.#slabs[number] = { buffer: Buffer.allocUnsafeSlow(bytes), usedBytes: 0, liveBytes: 0 };
    return number;
  }

  /** Moves what is still current to other slabs. */
  #empty(number: number, slab: Slab): void {
    const { buffer, usedBytes } = slab;
    for (let start = 0; start < usedBytes;) {
      const at = start + headerBytes;
      const length = buffer.readInt32LE(at);
      const recordId = buffer.readUIntLE(start, headerBytes);
      if (this.#table.placeOf(recordId) === number * placesPerSlab + at) {
        this.#table.moved(recordId, this.add(recordId, buffer.subarray(at, at + length)));
        this.#totalBytes -= headerBytes + length;
      }
      start = at + length;
    }
  }
}
