import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { gatherWrites } from './gather-writes.ts';

/** A stream that notes what arrives together. */
function recorder() {
  const arrivals: string[][] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      arrivals.push([chunk.toString()]);
      done();
    },
    writev: (chunks, done) => {
      arrivals.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  gatherWrites(stream);
  return { stream, arrivals };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('gatherWrites', () => {
  it('sends together what is written in one turn, also by promises that are due in it, in order', async () => {
    const { stream, arrivals } = recorder();
    stream.write('a');
    void Promise.resolve().then(() => stream.write('b'));
    stream.write('c');
    await nextTurn();
    expect(arrivals).toEqual([['a', 'c', 'b']]);
  });

  it('does not hold back what comes later, and ends cleanly', async () => {
    const { stream, arrivals } = recorder();
    stream.write('a');
    await nextTurn();
    stream.write('b');
    const { promise, resolve } = Promise.withResolvers<void>();
    stream.end(resolve);
    await promise;
    expect(arrivals.flat()).toEqual(['a', 'b']);
    expect(arrivals.length).toBeGreaterThan(1);
  });
});
