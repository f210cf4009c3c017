import { expect, it } from 'vitest';
import { outputFrames } from './engine-api.ts';

function frame(kind: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

it.each([1, 5, 1_000])(
  'takes the output of a container apart that comes in pieces of %i bytes',
  async (size) => {
    const sent = Buffer.concat([frame(1, 'one\n'), frame(2, 'wrong\n'), frame(1, ''), frame(1, 'zwölf\n')]);
    const frames: string[] = [];
    for await (const { stream, bytes } of outputFrames(inPieces(sent, size)))
      frames.push(`${stream} ${bytes}`);
    expect(frames).toEqual(['stdout one\n', 'stderr wrong\n', 'stdout ', 'stdout zwölf\n']);
  },
);
