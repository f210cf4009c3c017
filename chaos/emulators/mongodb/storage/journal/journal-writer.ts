/**
 * The journal: commits in the order in which they happened, many of them to one fsync (group commit). While one
 * frame is written, commits gather in the next; each commit's promise resolves when its frame is on the device.
 *
 * Rotation closes the segment after the commits so far, so that a snapshot of this moment replaces all segments before.
 */
import { join } from 'node:path';
import type { Commit, CommitLog } from '../commit-log.ts';
import { JournalWriteError } from '../errors.ts';
import { writeCommit } from './commit-codec.ts';
import type { Disk, DiskFile } from './disk.ts';
import { encodeFileHeader, fileHeaderBytes, frameHeaderBytes } from './frame.ts';
import { FrameBuilder } from './frame-builder.ts';

/** A frame that grew to this is closed, so that its checksum and its write take no long time. */
const largestFrameBytes = 16 * 1024 * 1024;

export interface OpenSegment {
  readonly file: DiskFile;
  readonly path: string;
  readonly salt: number;
  readonly number: number;
  readonly nextFrame: number;
  readonly bytes: number;
}

interface Batch {
  readonly segment: number;
  readonly frame: FrameBuilder;
  readonly written: PromiseWithResolvers<void>;
}

export interface JournalOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly newSalt: () => number;
  /** Called after each frame with the bytes in all segments since the last rotation. */
  readonly onGrowth: (segmentBytes: number) => void;
}

export class JournalWriter implements CommitLog {
  readonly #options: JournalOptions;
  readonly #batches: Batch[] = [];
  #open: OpenSegment;
  #segment: number;
  #segmentBytes: number;
  #nextFrame: number;
  #inProgress: Promise<void> = Promise.resolve();
  #isRunning = false;
  #expectedBytes = 0;
  #failure: JournalWriteError | undefined;

  constructor(options: JournalOptions, segment: OpenSegment) {
    this.#options = options;
    this.#open = segment;
    this.#segment = segment.number;
    this.#segmentBytes = segment.bytes;
    this.#nextFrame = segment.nextFrame;
  }

  assertWritable(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  append(commit: Commit): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    let batch = this.#batches.at(-1);
    const isFull = batch !== undefined && batch.frame.payloadBytes >= largestFrameBytes;
    if (batch === undefined || batch.segment !== this.#segment || isFull) batch = this.#addBatch();
    writeCommit(batch.frame, commit);
    return batch.written.promise;
  }

  flush(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return this.#batches.at(-1)?.written.promise ?? this.#inProgress;
  }

  /** Commits from now on go to a new segment, whose number is returned; `created` resolves when its file is durable. */
  rotate(): { readonly segment: number; readonly created: Promise<void> } {
    this.#segment += 1;
    this.#segmentBytes = 0;
    return { segment: this.#segment, created: this.#addBatch().written.promise };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush().catch(() => undefined);
    await this.#inProgress.catch(() => undefined);
    this.#failure ??= new JournalWriteError(this.#open.path, new Error('it was closed'));
    await this.#open.file.close();
  }

  #addBatch(): Batch {
    const batch = {
      segment: this.#segment,
      frame: new FrameBuilder(this.#expectedBytes),
      written: Promise.withResolvers<void>(),
    };
    batch.written.promise.catch(() => undefined);
    this.#batches.push(batch);
    if (!this.#isRunning) {
      this.#isRunning = true;
      // Commands that arrived in the same turn of the event loop share the first fsync.
      setImmediate(() => void this.#run());
    }
    return batch;
  }

  async #run(): Promise<void> {
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      this.#inProgress = batch.written.promise;
      try {
        await this.#write(batch);
        batch.written.resolve();
      } catch (cause) {
        this.#fail(batch, cause);
      }
    }
    this.#isRunning = false;
  }

  async #write(batch: Batch): Promise<void> {
    if (batch.segment !== this.#open.number) await this.#openSegment(batch.segment);
    if (batch.frame.payloadBytes === 0) return;
    const bytes = batch.frame.seal(this.#nextFrame, this.#open.salt);
    this.#nextFrame += 1;
    this.#expectedBytes = Math.min(bytes.length + frameHeaderBytes, 1024 * 1024);
    await this.#open.file.append(bytes);
    await this.#open.file.sync();
    if (batch.segment !== this.#segment) return;
    this.#segmentBytes += bytes.length;
    this.#options.onGrowth(this.#segmentBytes);
  }

  async #openSegment(number: number): Promise<void> {
    const previous = this.#open.file;
    this.#open = await createSegment(this.#options, number, this.#nextFrame);
    await previous.close();
  }

  /** What is in the file behind the last fsync is unknown, so nothing may follow it. */
  #fail(batch: Batch, cause: unknown): void {
    this.#failure = new JournalWriteError(this.#open.path, cause);
    batch.written.reject(this.#failure);
    for (const waiting of this.#batches.splice(0)) waiting.written.reject(this.#failure);
  }
}

export function segmentName(number: number): string {
  return `journal-${String(number).padStart(10, '0')}`;
}

/** A new durable segment without frames. */
export async function createSegment(
  options: Pick<JournalOptions, 'disk' | 'folder' | 'newSalt'>,
  number: number,
  firstFrame: number,
): Promise<OpenSegment> {
  const path = join(options.folder, segmentName(number));
  const salt = options.newSalt();
  const file = await options.disk.create(path);
  await file.append(encodeFileHeader({ salt, segment: number, firstFrame }));
  await file.sync();
  await options.disk.syncFolder(options.folder);
  return { file, path, salt, number, nextFrame: firstFrame, bytes: fileHeaderBytes };
}
