/** Cuts data into small pieces, with an optional pause after each. */
import type { Random } from '../../../random.ts';
import { defineToxic, type Chunk } from './toxic.ts';

/**
 * `average_size` and `size_variation` in bytes, `delay` in microseconds after each piece. Without a positive average
 * size data stays whole (the original accepts that and dies of it with the first byte).
 */
export const slicer = defineToxic({
  type: 'slicer',
  attributes: { average_size: 'int64', size_variation: 'int64', delay: 'int64' },
  attach: (stage) => (attributes) => {
    let rest: Chunk | undefined;
    return {
      chunk: (chunk) => {
        const cuts = sliceEnds(
          chunk.data.length,
          attributes.average_size,
          attributes.size_variation,
          stage.random,
        );
        if (cuts.length > 1) stage.affected('bytesSliced', chunk.data.length);
        const emitFrom = (first: number): void => {
          for (let index = first; index < cuts.length; index += 1) {
            const start = index === 0 ? 0 : (cuts[index - 1] ?? 0);
            const end = cuts[index];
            rest = { data: chunk.data.subarray(end), receivedAtMs: chunk.receivedAtMs };
            stage.emit({ data: chunk.data.subarray(start, end), receivedAtMs: chunk.receivedAtMs });
            if (attributes.delay > 0) {
              stage.timer(attributes.delay / 1000, () => emitFrom(index + 1));
              return;
            }
          }
          rest = undefined;
          stage.next();
        };
        emitFrom(0);
      },
      end: () => stage.close(),
      interrupt: () => {
        if (rest !== undefined && rest.data.length > 0) stage.emit(rest);
        rest = undefined;
      },
    };
  },
});

/**
 * Ends of the pieces of a chunk of `bytes`: halved, each time off the middle by a uniform draw from
 * [-variation, variation), until a piece exceeds the average by no more than the variation (Toxiproxy's algorithm).
 * Pieces are never empty, whatever the variation.
 */
export function sliceEnds(bytes: number, averageSize: number, variation: number, random: Random): number[] {
  if (averageSize <= 0) return [bytes];
  const ends: number[] = [];
  const open: [start: number, end: number][] = [[0, bytes]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [start, end] = part;
    const size = end - start;
    if (size < 2 || size - averageSize <= variation) {
      ends.push(end);
      continue;
    }
    const offset = variation > 0 ? random.integer(0, variation * 2 - 1) - variation : 0;
    const middle = Math.min(end - 1, Math.max(start + 1, start + Math.floor(size / 2) + offset));
    open.push([middle, end], [start, middle]);
  }
  return ends;
}
