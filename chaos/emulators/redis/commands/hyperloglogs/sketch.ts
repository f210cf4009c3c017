/**
 * A HyperLogLog as the string that keys hold: a header, then runs of equal registers as long as there are few, later all registers of 6
 * bits each. The layout is Redis's, since clients may read and write it as a string.
 */
import { bufferOf, type Bytes } from '../../bytes/byte-string.ts';
import { readRuns, setInRuns, writeRuns, type Run } from './sparse-runs.ts';
import { registerCount } from './registers.ts';

const magic = 'HYLL';
const headerBytes = 16;
const denseBytes = headerBytes + (registerCount * 6) / 8;
/** Runs of more zeros do not fit the sparse encoding. */
const sparseRunMax = 32;
const staleMark = 0x80;

type Registers =
  | { readonly kind: 'sparse'; runs: Run[] }
  | { readonly kind: 'dense'; readonly values: Uint8Array };

export class Sketch {
  #registers: Registers;
  /** Cardinality that was computed last. It stays in the header when it is stale. */
  #count: bigint;
  #isStale: boolean;

  private constructor(registers: Registers, count: bigint, isStale: boolean) {
    this.#registers = registers;
    this.#count = count;
    this.#isStale = isStale;
  }

  static empty(): Sketch {
    return new Sketch({ kind: 'sparse', runs: [{ value: 0, length: registerCount }] }, 0n, false);
  }

  /** `not one` for another string, `corrupt` for one that only begins like a sketch. */
  static read(bytes: Bytes): Sketch | 'not one' | 'corrupt' {
    if (bytes.length < headerBytes || !bytes.startsWith(magic)) return 'not one';
    const encoding = bytes.charCodeAt(4);
    if (encoding > 1 || (encoding === 0 && bytes.length !== denseBytes)) return 'not one';
    const header = bufferOf(bytes.slice(0, headerBytes));
    const isStale = (header[15] ?? 0) >= staleMark;
    header[15] = (header[15] ?? 0) & ~staleMark;
    const count = header.readBigUInt64LE(8);
    const body = bufferOf(bytes.slice(headerBytes));
    if (encoding === 0) return new Sketch({ kind: 'dense', values: unpack(body) }, count, isStale);
    const runs = readRuns(body);
    return runs === undefined ? 'corrupt' : new Sketch({ kind: 'sparse', runs }, count, isStale);
  }

  /** Undefined when registers changed since it was computed. */
  get cachedCount(): bigint | undefined {
    return this.#isStale ? undefined : this.#count;
  }

  keepCount(count: bigint): void {
    this.#count = count;
    this.#isStale = false;
  }

  invalidateCount(): void {
    this.#isStale = true;
  }

  get encoding(): 'sparse' | 'dense' {
    return this.#registers.kind;
  }

  get runs(): readonly Run[] {
    return this.#registers.kind === 'sparse' ? this.#registers.runs : [];
  }

  registers(): Uint8Array {
    return this.#registers.kind === 'dense' ? this.#registers.values : expand(this.#registers.runs);
  }

  /** Raises a register; false when it is as high already. Sketches longer than `sparseBytesMax` become dense. */
  raise(index: number, run: number, sparseBytesMax: number): boolean {
    const registers = this.#registers;
    if (registers.kind === 'dense') {
      if ((registers.values[index] ?? 0) >= run) return false;
      registers.values[index] = run;
      return true;
    }
    const changed =
      run > sparseRunMax ? 'too long' : setInRuns(registers.runs, index, run, sparseBytesMax - headerBytes);
    if (changed !== 'too long') return changed;
    this.toDense();
    return this.raise(index, run, sparseBytesMax);
  }

  toDense(): void {
    this.#registers = { kind: 'dense', values: this.registers() };
  }

  write(): Bytes {
    const header = Buffer.alloc(headerBytes);
    header.write(magic, 'latin1');
    header[4] = this.encoding === 'dense' ? 0 : 1;
    header.writeBigUInt64LE(this.#count, 8);
    if (this.#isStale) header[15] = (header[15] ?? 0) | staleMark;
    const registers = this.#registers;
    const body = registers.kind === 'dense' ? pack(registers.values) : writeRuns(registers.runs);
    return header.toString('latin1') + body;
  }
}

function expand(runs: readonly Run[]): Uint8Array {
  const values = new Uint8Array(registerCount);
  let at = 0;
  for (const { value, length } of runs) {
    values.fill(value, at, at + length);
    at += length;
  }
  return values;
}

/** Registers of 6 bits, the least significant bits first. */
function unpack(body: Buffer): Uint8Array {
  const values = new Uint8Array(registerCount);
  for (let index = 0; index < registerCount; index += 1) {
    const at = Math.floor((index * 6) / 8);
    const shift = (index * 6) % 8;
    values[index] = (((body[at] ?? 0) | ((body[at + 1] ?? 0) << 8)) >> shift) & 63;
  }
  return values;
}

function pack(values: Uint8Array): Bytes {
  const body = Buffer.alloc(denseBytes - headerBytes);
  values.forEach((value, index) => {
    const at = Math.floor((index * 6) / 8);
    const shifted = value << ((index * 6) % 8);
    body[at] = (body[at] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) body[at + 1] = (body[at + 1] ?? 0) | (shifted >> 8);
  });
  return body.toString('latin1');
}
