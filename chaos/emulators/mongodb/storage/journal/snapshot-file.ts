/**
 * A snapshot holds everything as it was at one moment, in the frames of the journal, and replaces all segments
 * before the one it names. It is written beside the running engine, a part at a time, and gets its name when complete.
 */
import { join } from 'node:path';
import type { Commit, RecordWrite } from '../commit-log.ts';
import type { EngineState } from '../engine-state.ts';
import { DamagedFileError } from '../errors.ts';
import { idIndexName, type StoredCollection } from '../stored-collection.ts';
import { readCommits, writeCommit } from './commit-codec.ts';
import type { Disk, DiskFile } from './disk.ts';
import { encodeFileHeader } from './frame.ts';
import { FrameBuilder } from './frame-builder.ts';
import { readFileHeader, readFrames } from './frame-reader.ts';

/** Documents written in one turn of the event loop. */
const partBytes = 512 * 1024;

export const unfinishedSuffix = '.unfinished';

export function snapshotName(segment: number): string {
  return `snapshot-${String(segment).padStart(10, '0')}`;
}

/** What is to be written, taken at the moment of the snapshot; the documents are read later, at its timestamp. */
export interface SnapshotContent {
  readonly timestamp: number;
  readonly head: Commit;
  readonly collections: readonly StoredCollection[];
}

export function captureSnapshot(state: EngineState): SnapshotContent {
  const timestamp = state.timestamps.last;
  const collections = state.catalogue.all();
  const catalogue = collections.flatMap((collection) => {
    const { id, namespace, uuid, options } = collection;
    const specs = collection.info().indexes.filter((spec) => spec.name !== idIndexName);
    return [
      { kind: 'createCollection', collectionId: id, namespace, uuid, options } as const,
      ...specs.map((spec) => ({ kind: 'createIndex', collectionId: id, spec }) as const),
    ];
  });
  const sessions = [...state.sessions.all()];
  return {
    timestamp,
    collections,
    head: { timestamp, catalogue, writes: [], sessions, forgottenSessions: [] },
  };
}

/** Writes the snapshot for `segment`; ends early, with false, when `isStopped` says so. */
export async function writeSnapshot(
  disk: Disk,
  folder: string,
  segment: number,
  salt: number,
  content: SnapshotContent,
  isStopped: () => boolean,
): Promise<boolean> {
  const path = join(folder, snapshotName(segment));
  const file = await disk.create(path + unfinishedSuffix);
  try {
    await file.append(encodeFileHeader({ salt, segment, firstFrame: 1 }));
    let frame = 1;
    for (const part of parts(content)) {
      if (isStopped()) return false;
      await file.append(part.seal(frame, salt));
      frame += 1;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(path + unfinishedSuffix, path);
  await disk.syncFolder(folder);
  return true;
}

/** Hands all commits of a snapshot to `apply`; throws `DamagedFileError` unless it is complete. */
export async function readSnapshot(
  file: DiskFile,
  path: string,
  segment: number,
  apply: (commit: Commit) => void,
): Promise<void> {
  const header = await readFileHeader(file);
  if (header === undefined || header.segment !== segment) {
    throw new DamagedFileError(path, 0, 'its header is not valid');
  }
  let isComplete = false;
  const end = await readFrames(file, header, (payload) => {
    const commits = readCommits(payload);
    isComplete = commits.some(isLastPart);
    for (const commit of commits) apply(commit);
  });
  if (end.kind === 'damaged') throw new DamagedFileError(path, end.offset, end.reason);
  if (end.kind === 'torn')
    throw new DamagedFileError(path, end.offset, `frame ${end.nextFrame} is not valid`);
  if (!isComplete) throw new DamagedFileError(path, end.offset, 'its end is missing');
}

/** The last part is a commit of nothing, which no other part and no journal has. */
function isLastPart(commit: Commit): boolean {
  return (
    commit.catalogue.length +
      commit.writes.length +
      commit.sessions.length +
      commit.forgottenSessions.length ===
    0
  );
}

function* parts(content: SnapshotContent): IterableIterator<FrameBuilder> {
  const { timestamp, head } = content;
  if (!isLastPart(head)) yield partOf(head);
  for (const collection of content.collections) {
    let writes: RecordWrite[] = [];
    let bytesOfPart = 0;
    for (const recordId of collection.versions.recordIds(0, collection.versions.nextRecordId)) {
      const bytes = collection.committed(recordId, timestamp);
      if (bytes === undefined) continue;
      writes.push({ collectionId: collection.id, recordId, bytes });
      bytesOfPart += bytes.length;
      if (bytesOfPart < partBytes) continue;
      yield partOf({ ...nothing(timestamp), writes });
      writes = [];
      bytesOfPart = 0;
    }
    if (writes.length > 0) yield partOf({ ...nothing(timestamp), writes });
  }
  yield partOf(nothing(timestamp));
}

function nothing(timestamp: number): Commit {
  return { timestamp, catalogue: [], writes: [], sessions: [], forgottenSessions: [] };
}

function partOf(commit: Commit): FrameBuilder {
  const frame = new FrameBuilder();
  writeCommit(frame, commit);
  return frame;
}
