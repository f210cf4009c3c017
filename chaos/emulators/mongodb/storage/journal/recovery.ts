/**
 * Opens a data folder: the newest snapshot, then the journal's segments from the one it names, to the last valid
 * frame. Only the last segment may end in a torn frame, which is cut off; everything else that is not valid is damage.
 */
import { join } from 'node:path';
import type { EngineState } from '../engine-state.ts';
import { DamagedFileError } from '../errors.ts';
import { readCommits } from './commit-codec.ts';
import type { Disk } from './disk.ts';
import { fileHeaderBytes } from './frame.ts';
import { readFileHeader, readFrames } from './frame-reader.ts';
import { createSegment, type JournalOptions, type OpenSegment, segmentName } from './journal-writer.ts';
import { Replay } from './replay.ts';
import { readSnapshot, snapshotName } from './snapshot-file.ts';

/** What was cut off the end of the journal. */
interface TornTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface Recovered {
  readonly segment: OpenSegment;
  readonly tornTail: TornTail | undefined;
}

type Place = Pick<JournalOptions, 'disk' | 'folder' | 'newSalt'>;

export async function recover(place: Place, state: EngineState): Promise<Recovered> {
  const { disk, folder } = place;
  await disk.createFolder(folder);
  const names = await disk.list(folder);
  const snapshot = numbersOf(names, 'snapshot').at(-1);
  const firstSegment = snapshot ?? 1;
  const segments = numbersOf(names, 'journal').filter((number) => number >= firstSegment);
  await removeObsolete(disk, folder, names, firstSegment);
  assertComplete(folder, segments, snapshot);

  const replay = new Replay(state);
  if (snapshot !== undefined) {
    const path = join(folder, snapshotName(snapshot));
    await using file = await disposable(disk, path);
    await readSnapshot(file.value, path, snapshot, (commit) => replay.apply(commit));
  }
  const recovered = await replaySegments(place, segments, replay, firstSegment, snapshot !== undefined);
  replay.fillIndexes();
  return recovered;
}

async function replaySegments(
  place: Place,
  segments: readonly number[],
  replay: Replay,
  firstSegment: number,
  hasSnapshot: boolean,
): Promise<Recovered> {
  const last = segments.at(-1);
  let nextFrame: number | undefined;
  for (const number of segments) {
    const isLast = number === last;
    const path = join(place.folder, segmentName(number));
    await using file = await disposable(place.disk, path);
    const size = await file.value.size();
    const header = await readFileHeader(file.value);
    if (header === undefined) {
      // A crash while the segment was created leaves a header cut off and nothing behind it.
      const mayBeTorn = isLast && size <= fileHeaderBytes && !(hasSnapshot && number === firstSegment);
      if (!mayBeTorn) throw new DamagedFileError(path, 0, 'its header is not valid');
      const tornTail = size === 0 ? undefined : { file: path, offset: 0, bytes: size };
      return { segment: await createSegment(place, number, nextFrame ?? 1), tornTail };
    }
    if (header.segment !== number || (nextFrame !== undefined && header.firstFrame !== nextFrame)) {
      throw new DamagedFileError(
        path,
        0,
        `it begins with frame ${header.firstFrame} of segment ${header.segment}`,
      );
    }
    const end = await readFrames(file.value, header, (payload) => {
      for (const commit of readCommits(payload)) replay.apply(commit);
    });
    if (end.kind === 'damaged') throw new DamagedFileError(path, end.offset, end.reason);
    if (end.kind === 'torn' && !isLast) {
      throw new DamagedFileError(
        path,
        end.offset,
        `frame ${end.nextFrame} is not valid, but another segment follows`,
      );
    }
    nextFrame = end.nextFrame;
    if (!isLast) continue;
    const appending = await place.disk.openForAppending(path, end.offset);
    const tornTail =
      end.kind === 'torn' ? { file: path, offset: end.offset, bytes: size - end.offset } : undefined;
    const { salt } = header;
    return { segment: { file: appending, path, salt, number, nextFrame, bytes: end.offset }, tornTail };
  }
  return { segment: await createSegment(place, firstSegment, 1), tornTail: undefined };
}

/** Numbers of the finished files of a kind, ascending. */
function numbersOf(names: readonly string[], kind: 'journal' | 'snapshot'): number[] {
  const pattern = new RegExp(`^${kind}-(\\d{10})$`);
  return names
    .map((name) => pattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** Files that a crash during a snapshot left behind: unfinished ones, and those that the snapshot replaced. */
export async function removeObsolete(
  disk: Disk,
  folder: string,
  names: readonly string[],
  firstSegment: number,
): Promise<void> {
  for (const name of names) {
    const match = /^(?:journal|snapshot)-(\d{10})(\.unfinished)?$/.exec(name);
    if (match === null) continue;
    if (match[2] !== undefined || Number(match[1]) < firstSegment) await disk.remove(join(folder, name));
  }
}

function assertComplete(folder: string, segments: readonly number[], snapshot: number | undefined): void {
  const first = snapshot ?? 1;
  const expected = snapshot === undefined && segments.length === 0 ? 0 : Math.max(segments.length, 1);
  for (let index = 0; index < expected; index += 1) {
    const number = first + index;
    if (segments[index] === number) continue;
    throw new DamagedFileError(join(folder, segmentName(number)), 0, 'the file is missing');
  }
}

async function disposable(disk: Disk, path: string) {
  const value = await disk.openForReading(path);
  return { value, [Symbol.asyncDispose]: () => value.close() };
}
