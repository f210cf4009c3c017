/**
 * What passed the proxies, as bytes in blocks of memory with a budget. Nothing is decoded while traffic flows: a record is a header and a copy of the
 * message's beginning, so that recording costs a fraction of passing it on. When the budget is used up, the oldest block outside of the times to keep goes.
 */
const BLOCK_BYTES = 1024 * 1024;
const HEADER_BYTES = 45;

/** `whole`: one chunk of whole messages. `message`: the beginning of one message. `note`: JSON about the command of that number. */
export const recordKinds = ['whole', 'message', 'note', 'closed'] as const;
export type RecordKind = (typeof recordKinds)[number];

/** Times are milliseconds of the monotonic clock. */
export interface TraceRecord {
  readonly kind: RecordKind;
  readonly fromClient: boolean;
  readonly connection: number;
  /** Of the (first) message: counted for Redis, 0 where the protocol numbers its messages itself. */
  readonly number: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Bytes that the same side had sent on the connection before. */
  readonly streamOffset: number;
  /** Bytes of the message, also when fewer are kept. */
  readonly totalBytes: number;
  readonly bytes: Buffer;
}

interface Block {
  readonly bytes: Buffer;
  readonly view: DataView;
  used: number;
  records: number;
  firstMs: number;
  lastMs: number;
}

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface DroppedSpan extends TimeSpan {
  readonly records: number;
}

export class TraceRing {
  /** What did not fit in, oldest first. */
  readonly dropped: DroppedSpan[] = [];
  readonly #blocksMax: number;
  #blocks: Block[] = [];
  #keeps: TimeSpan[] = [];

  constructor(bytesMax: number) {
    this.#blocksMax = Math.max(2, Math.floor(bytesMax / BLOCK_BYTES));
  }

  /** A block that overlaps this time goes only when nothing else is left to go. */
  keep(span: TimeSpan): void {
    this.#keeps.push(span);
  }

  /** `bytes` must be far less than a block; they are copied. */
  append(record: TraceRecord): void {
    const { bytes } = record;
    const block = this.#blockFor(HEADER_BYTES + bytes.length, record.firstMs);
    const { view, used: at } = block;
    view.setUint32(at, bytes.length, true);
    view.setUint8(at + 4, recordKinds.indexOf(record.kind) * 2 + (record.fromClient ? 1 : 0));
    view.setUint32(at + 5, record.connection, true);
    view.setFloat64(at + 9, record.number, true);
    view.setFloat64(at + 17, record.firstMs, true);
    view.setFloat64(at + 25, record.lastMs, true);
    view.setFloat64(at + 33, record.streamOffset, true);
    view.setUint32(at + 41, record.totalBytes, true);
    block.bytes.set(bytes, at + HEADER_BYTES);
    block.used = at + HEADER_BYTES + bytes.length;
    block.records += 1;
    if (record.lastMs > block.lastMs) block.lastMs = record.lastMs;
  }

  /** In the order of appending. The bytes are views of the ring. */
  *records(): Generator<TraceRecord> {
    for (const { bytes, view, used } of this.#blocks) {
      for (let at = 0; at < used;) {
        const length = view.getUint32(at, true);
        const kindAndSide = view.getUint8(at + 4);
        yield {
          kind: recordKinds[kindAndSide >> 1] ?? 'note',
          fromClient: kindAndSide % 2 === 1,
          connection: view.getUint32(at + 5, true),
          number: view.getFloat64(at + 9, true),
          firstMs: view.getFloat64(at + 17, true),
          lastMs: view.getFloat64(at + 25, true),
          streamOffset: view.getFloat64(at + 33, true),
          totalBytes: view.getUint32(at + 41, true),
          bytes: bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length),
        };
        at += HEADER_BYTES + length;
      }
    }
  }

  #blockFor(bytes: number, nowMs: number): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.used + bytes <= BLOCK_BYTES) return last;
    const reused = this.#blocks.length < this.#blocksMax ? undefined : this.#dropOne();
    const memory = reused ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    const block = {
      bytes: memory,
      view: new DataView(memory.buffer, memory.byteOffset, memory.byteLength),
      used: 0,
      records: 0,
      firstMs: nowMs,
      lastMs: nowMs,
    };
    this.#blocks.push(block);
    return block;
  }

  #dropOne(): Buffer | undefined {
    const free = this.#blocks.findIndex(
      (block) => !this.#keeps.some(({ fromMs, toMs }) => block.lastMs >= fromMs && block.firstMs <= toMs),
    );
    const [gone] = this.#blocks.splice(Math.max(0, free), 1);
    if (gone === undefined) return undefined;
    this.dropped.push({ fromMs: gone.firstMs, toMs: gone.lastMs, records: gone.records });
    return gone.bytes;
  }
}
