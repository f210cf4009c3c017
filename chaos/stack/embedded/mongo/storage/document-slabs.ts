/**
 * Keeps the bytes of a collection's documents in a few large buffers, because an object a document would cost more
 * than most documents. Bytes once written are never overwritten, so views given out stay valid; a buffer most of
 * whose documents are gone is emptied by copying the rest, and the garbage collector takes it when no view is left.
 */
const smallestSlabBytes = 4 * 1024;
const largestSlabBytes = 256 * 1024;
const headerBytes = 6;
const compactBelow = 0.6;

export interface Slab {
  readonly buffer: Buffer;
  usedBytes: number;
  liveBytes: number;
}

/** Where the current version of a record lies; `at` is the offset of its BSON. */
export interface Placement {
  readonly slab: Slab;
  readonly at: number;
}

/** `moved` is told when a document was copied elsewhere; `placementOf` says where a record's current version lies. */
export interface SlabOwner {
  isAt(recordId: number, slab: Slab, at: number): boolean;
  moved(recordId: number, slab: Slab, at: number): void;
}

export class DocumentSlabs {
  readonly #owner: SlabOwner;
  #current: Slab = newSlab(smallestSlabBytes);
  #totalBytes = 0;

  constructor(owner: SlabOwner) {
    this.#owner = owner;
  }

  /** Copies the document in. */
  add(recordId: number, bytes: Uint8Array): Placement {
    const size = headerBytes + bytes.length;
    const slab = this.#slabFor(size);
    const start = slab.usedBytes;
    slab.buffer.writeUIntLE(recordId, start, headerBytes);
    slab.buffer.set(bytes, start + headerBytes);
    slab.usedBytes += size;
    slab.liveBytes += size;
    this.#totalBytes += size;
    return { slab, at: start + headerBytes };
  }

  /** Tells that the document there is no current version any more. Call it after the owner has forgotten the place. */
  release(slab: Slab, at: number): void {
    const size = headerBytes + slab.buffer.readInt32LE(at);
    slab.liveBytes -= size;
    this.#totalBytes -= size;
    if (slab !== this.#current && slab.liveBytes > 0 && slab.liveBytes < slab.usedBytes * compactBelow) {
      this.#compact(slab);
    }
  }

  #slabFor(size: number): Slab {
    if (this.#current.usedBytes + size <= this.#current.buffer.length) return this.#current;
    const usual = Math.min(Math.max(this.#totalBytes >> 3, smallestSlabBytes), largestSlabBytes);
    if (size > usual / 4) return newSlab(size);
    this.#current = newSlab(usual);
    return this.#current;
  }

  #compact(slab: Slab): void {
    const { buffer, usedBytes } = slab;
    for (let start = 0; start < usedBytes;) {
      const at = start + headerBytes;
      const length = buffer.readInt32LE(at);
      const recordId = buffer.readUIntLE(start, headerBytes);
      if (this.#owner.isAt(recordId, slab, at)) {
        const place = this.add(recordId, buffer.subarray(at, at + length));
        this.#owner.moved(recordId, place.slab, place.at);
        this.#totalBytes -= headerBytes + length;
      }
      start = at + length;
    }
    slab.liveBytes = 0;
  }
}

function newSlab(bytes: number): Slab {
  return { buffer: Buffer.allocUnsafeSlow(bytes), usedBytes: 0, liveBytes: 0 };
}
