/** Reads a file of frames from its beginning, and tells a tail that was cut off from damage. */
import type { DiskFile } from './disk.ts';
import {
  decodeFileHeader,
  decodeFrameHeader,
  fileHeaderBytes,
  frameHeaderBytes,
  isPayloadValid,
  nextFrameMagic,
  type FileHeader,
} from './frame.ts';

/** How the reading of a file ended: `offset` is where the first byte that is no valid frame stands. */
export type FramesEnd =
  | { readonly kind: 'complete'; readonly offset: number; readonly nextFrame: number }
  | { readonly kind: 'torn'; readonly offset: number; readonly nextFrame: number }
  | { readonly kind: 'damaged'; readonly offset: number; readonly reason: string };

const searchWindowBytes = 4 * 1024 * 1024;

export async function readFileHeader(file: DiskFile): Promise<FileHeader | undefined> {
  return decodeFileHeader(await readAt(file, 0, fileHeaderBytes));
}

/** Hands every valid frame's payload to `accept` in order; a payload at which it throws is damage. */
export async function readFrames(
  file: DiskFile,
  header: FileHeader,
  accept: (payload: Buffer) => void,
): Promise<FramesEnd> {
  const size = await file.size();
  let offset = fileHeaderBytes;
  let frame = header.firstFrame;
  while (offset < size) {
    const headerBytes = await readAt(file, offset, frameHeaderBytes);
    const found = decodeFrameHeader(headerBytes, 0, header.salt);
    const payload =
      found === undefined || offset + frameHeaderBytes + found.payloadBytes > size
        ? undefined
        : await readAt(file, offset + frameHeaderBytes, found.payloadBytes);
    if (found === undefined || payload === undefined || !isPayloadValid(found, payload, header.salt)) {
      const later = await laterFrame(file, header, offset + 1, size, frame);
      if (later === undefined) return { kind: 'torn', offset, nextFrame: frame };
      const reason = `frame ${frame} is not valid, but frame ${later} follows it`;
      return { kind: 'damaged', offset, reason };
    }
    if (found.frame !== frame) {
      return { kind: 'damaged', offset, reason: `frame ${found.frame} stands where ${frame} is due` };
    }
    try {
      accept(payload);
    } catch (error) {
      return { kind: 'damaged', offset, reason: `frame ${frame} cannot be understood: ${String(error)}` };
    }
    offset += frameHeaderBytes + payload.length;
    frame += 1;
  }
  return { kind: 'complete', offset, nextFrame: frame };
}

/** Number of some frame after `frame` whose header is intact at or behind `from`. */
async function laterFrame(
  file: DiskFile,
  header: FileHeader,
  from: number,
  size: number,
  frame: number,
): Promise<number | undefined> {
  for (let start = from; start < size; start += searchWindowBytes) {
    const window = await readAt(file, start, Math.min(searchWindowBytes + frameHeaderBytes, size - start));
    for (let at = nextFrameMagic(window, 0); at >= 0; at = nextFrameMagic(window, at + 1)) {
      const found = decodeFrameHeader(window, at, header.salt);
      if (found !== undefined && found.frame > frame) return found.frame;
    }
  }
  return undefined;
}

async function readAt(file: DiskFile, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = await file.read(bytes.subarray(done), offset + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
