/** Each toxic against its definition, in virtual time, where bounds and rates are exact. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../random.ts';
import { runToxic } from '../testing/toxic-bench.ts';
import { toxicKinds } from './registry.ts';
import { sliceEnds } from './slicer.ts';

const texts = (bench: ReturnType<typeof runToxic>): string[] => bench.outputs.map(({ text }) => text);
const times = (bench: ReturnType<typeof runToxic>): number[] => bench.outputs.map(({ atMs }) => atMs);

describe('latency', () => {
  it('delays each chunk on its own and keeps the distance between them', () => {
    const bench = runToxic('latency', { latency: 100, jitter: 0 });
    bench.send('a');
    bench.clock.advance(50);
    bench.send('b');
    bench.clock.advance(1000);
    expect(bench.outputs).toEqual([
      { text: 'a', atMs: 100 },
      { text: 'b', atMs: 150 },
    ]);
  });

  it('draws jitter from the seed, within its bounds, the mean near the latency', () => {
    const draw = (seed: number): number[] => {
      const bench = runToxic('latency', { latency: 100, jitter: 20 }, { seed });
      const delays: number[] = [];
      for (let count = 0; count < 2000; count += 1) {
        const sentAtMs = bench.clock.monotonicMs();
        bench.send('x');
        bench.clock.advance(200);
        delays.push((bench.outputs.at(-1)?.atMs ?? 0) - sentAtMs);
      }
      return delays;
    };
    const delays = draw(3);
    expect(delays).toEqual(draw(3));
    expect(delays).not.toEqual(draw(4));
    expect(Math.min(...delays)).toBe(80);
    expect(Math.max(...delays)).toBe(119);
    expect(delays.reduce((sum, delay) => sum + delay, 0) / delays.length).toBeCloseTo(99.5, 0);
  });

  it('keeps the order whatever the jitter, and ends after the last chunk', () => {
    const bench = runToxic('latency', { latency: 50, jitter: 50 });
    for (const letter of 'abcdefgh') bench.send(letter);
    bench.stage.end();
    expect(bench.endedAtMs()).toBeUndefined();
    bench.clock.advance(100);
    expect(texts(bench).join('')).toBe('abcdefgh');
    expect(bench.endedAtMs()).toBe(times(bench).at(-1));
  });

  it('passes at once what an update interrupts, and delays the rest anew', () => {
    const bench = runToxic('latency', { latency: 100, jitter: 0 });
    bench.send('a');
    bench.send('b');
    bench.clock.advance(10);
    bench.toxic.attributes = new Map([['latency', 300]]);
    bench.stage.interrupt();
    bench.stage.restart();
    expect(texts(bench)).toEqual(['a']);
    bench.clock.advance(1000);
    expect(times(bench)).toEqual([10, 300]);
  });
});

describe('bandwidth', () => {
  it.each([
    [10, 5000, 500],
    [100, 64_000, 640],
    [1000, 64_000, 64],
  ])('takes %d kB/s at its word: %d bytes in %d ms', (rate, bytes, expectedMs) => {
    const bench = runToxic('bandwidth', { rate });
    bench.send('x'.repeat(bytes));
    bench.clock.advance(10_000);
    expect(texts(bench).join('').length).toBe(bytes);
    expect(times(bench).at(-1)).toBeCloseTo(expectedMs, 6);
  });

  it('adds up over many small chunks', () => {
    const bench = runToxic('bandwidth', { rate: 1 });
    for (let count = 0; count < 100; count += 1) bench.send('x'.repeat(10));
    bench.clock.advance(10_000);
    expect(times(bench).at(-1)).toBeCloseTo(1000, 6);
  });

  it.each([0, -5])('lets nothing pass at %d', (rate) => {
    const bench = runToxic('bandwidth', { rate });
    bench.send('x');
    bench.clock.advance(1_000_000);
    expect(bench.outputs).toEqual([]);
  });

  it('loses nothing when interrupted in the middle of a chunk', () => {
    const bench = runToxic('bandwidth', { rate: 1 });
    bench.send('0123456789'.repeat(50));
    bench.clock.advance(250);
    bench.stage.interrupt();
    bench.stage.flush();
    expect(texts(bench).join('')).toBe('0123456789'.repeat(50));
  });
});

describe('limit_data', () => {
  it('passes exactly the bytes and closes with the last one', () => {
    const bench = runToxic('limit_data', { bytes: 100 });
    bench.send('x'.repeat(60));
    expect(bench.endedAtMs()).toBeUndefined();
    bench.send('y'.repeat(60));
    expect(bench.outputs.map(({ text }) => text.length)).toEqual([60, 40]);
    expect(bench.endedAtMs()).toBe(0);
  });

  it('closes when exactly the limit was passed, and at 0 with the first chunk', () => {
    const exact = runToxic('limit_data', { bytes: 3 });
    exact.send('abc');
    expect(exact.endedAtMs()).toBe(0);
    const none = runToxic('limit_data', { bytes: 0 });
    expect(none.endedAtMs()).toBeUndefined();
    none.send('a');
    expect(none.outputs).toEqual([]);
    expect(none.endedAtMs()).toBe(0);
  });

  it('keeps its count across updates', () => {
    const bench = runToxic('limit_data', { bytes: 100 });
    bench.send('x'.repeat(10));
    bench.toxic.attributes = new Map([['bytes', 15]]);
    bench.stage.interrupt();
    bench.stage.restart();
    bench.send('y'.repeat(10));
    expect(texts(bench)).toEqual(['x'.repeat(10), 'y'.repeat(5)]);
    expect(bench.endedAtMs()).toBe(0);
  });
});

describe('slow_close', () => {
  it('passes data at once and delays the end', () => {
    const bench = runToxic('slow_close', { delay: 500 });
    bench.send('a');
    bench.stage.end();
    expect(texts(bench)).toEqual(['a']);
    bench.clock.advance(499);
    expect(bench.endedAtMs()).toBeUndefined();
    bench.clock.advance(1);
    expect(bench.endedAtMs()).toBe(500);
  });

  it('starts its delay again when updated', () => {
    const bench = runToxic('slow_close', { delay: 500 });
    bench.stage.end();
    bench.clock.advance(400);
    bench.stage.interrupt();
    bench.stage.restart();
    bench.clock.advance(1000);
    expect(bench.endedAtMs()).toBe(900);
  });
});

describe('timeout', () => {
  it('closes after silence; each chunk is lost and starts it again', () => {
    const bench = runToxic('timeout', { timeout: 300 });
    for (let count = 0; count < 5; count += 1) {
      bench.clock.advance(200);
      bench.send('x');
    }
    expect(bench.endedAtMs()).toBeUndefined();
    bench.clock.advance(1000);
    expect(bench.endedAtMs()).toBe(1300);
    expect(bench.outputs).toEqual([]);
  });

  it('never closes at 0', () => {
    const bench = runToxic('timeout', { timeout: 0 });
    bench.send('x');
    bench.clock.advance(1_000_000);
    expect(bench.endedAtMs()).toBeUndefined();
    expect(bench.outputs).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });
});

describe('reset_peer', () => {
  it('waits for the first chunk, then for its timeout, and cannot be called off', () => {
    const bench = runToxic('reset_peer', { timeout: 300 });
    bench.clock.advance(1000);
    expect(bench.endedAtMs()).toBeUndefined();
    bench.send('x');
    bench.clock.advance(100);
    expect(bench.stage.interrupt()).toBe(false);
    bench.clock.advance(1000);
    expect(bench.endedAtMs()).toBe(1300);
    expect(bench.outputs).toEqual([]);
    expect(bench.toxic.totals.effects).toMatchObject({ reset: 1, bytesDropped: 1 });
  });
});

describe('slicer', () => {
  it('halves a chunk until the pieces are near the average', () => {
    const bench = runToxic('slicer', { average_size: 10, size_variation: 0, delay: 20_000 });
    bench.send('z'.repeat(50));
    bench.clock.advance(1000);
    expect(bench.outputs.map(({ text }) => text.length)).toEqual([6, 6, 6, 7, 6, 6, 6, 7]);
    expect(times(bench)).toEqual([0, 20, 40, 60, 80, 100, 120, 140]);
  });

  it('leaves data whole without a positive average size', () => {
    for (const average of [0, -7]) {
      const bench = runToxic('slicer', { average_size: average, size_variation: 3, delay: 0 });
      bench.send('whole');
      expect(texts(bench)).toEqual(['whole']);
    }
  });

  it('loses nothing, makes no empty piece, and stays near the average', () => {
    const size = fc.integer({ min: 1, max: 5000 });
    const property = fc.property(size, size, fc.nat(6000), fc.nat(), (bytes, average, variation, seed) => {
      const ends = sliceEnds(bytes, average, variation, seededRandom(seed));
      expect(ends.at(-1)).toBe(bytes);
      for (const [index, end] of ends.entries()) {
        const length = end - (ends[index - 1] ?? 0);
        expect(length).toBeGreaterThan(0);
        expect(length).toBeLessThanOrEqual(Math.max(1, average + variation));
      }
    });
    fc.assert(property, { seed: 1 });
  });

  it('gives out the rest at once when interrupted', () => {
    const bench = runToxic('slicer', { average_size: 2, size_variation: 0, delay: 1_000_000 });
    bench.send('abcdefgh');
    bench.stage.interrupt();
    expect(texts(bench)).toEqual(['ab', 'cdefgh']);
  });
});

describe('packet_loss', () => {
  const pattern = (attributes: Record<string, number>, seed: number, count = 2000): boolean[] => {
    const bench = runToxic('packet_loss', attributes, { seed });
    const lost: boolean[] = [];
    for (let index = 0; index < count; index += 1) {
      const before = bench.outputs.length;
      bench.send('x');
      lost.push(bench.outputs.length === before);
    }
    return lost;
  };
  const share = (lost: boolean[]): number => lost.filter(Boolean).length / lost.length;

  it('loses nothing at 0, all at 1, and the share between', () => {
    expect(share(pattern({ loss_rate: 0 }, 1))).toBe(0);
    expect(share(pattern({ loss_rate: 1 }, 1))).toBe(1);
    expect(share(pattern({ loss_rate: 7 }, 1))).toBe(1);
    expect(share(pattern({ loss_rate: 0.2 }, 1))).toBeCloseTo(0.2, 1);
  });

  it('loses in bursts when correlated: p / (1 - correlation) of all chunks', () => {
    const lost = pattern({ loss_rate: 0.2, correlation: 0.6 }, 1, 20_000);
    const afterLoss = lost.filter((_, index) => lost[index - 1] === true);
    expect(share(afterLoss)).toBeCloseTo(0.8, 1);
    expect(share(lost)).toBeCloseTo(0.5, 1);
  });

  it('repeats itself with the seed', () => {
    expect(pattern({ loss_rate: 0.5 }, 9)).toEqual(pattern({ loss_rate: 0.5 }, 9));
    expect(pattern({ loss_rate: 0.5 }, 9)).not.toEqual(pattern({ loss_rate: 0.5 }, 10));
  });
});

describe('toxicity', () => {
  it('is drawn for each connection from the seed, and again at each start', () => {
    const drawn = Array.from(
      { length: 400 },
      (_, seed) => runToxic('timeout', {}, { toxicity: 0.5, seed }).stage.drawn,
    );
    expect(drawn.filter(Boolean).length / drawn.length).toBeCloseTo(0.5, 1);
    const bench = runToxic('latency', {}, { toxicity: 0.5 });
    const redrawn = Array.from({ length: 400 }, () => {
      bench.stage.interrupt();
      bench.stage.restart();
      return bench.stage.drawn;
    });
    expect(redrawn.filter(Boolean).length / redrawn.length).toBeCloseTo(0.5, 1);
  });

  it.each([
    [7, true],
    [1, true],
    [0, false],
    [-1, false],
  ])('of %d means %s', (toxicity, drawn) => {
    expect(runToxic('latency', {}, { toxicity }).stage.drawn).toBe(drawn);
  });
});

describe('a stage', () => {
  it('takes no more than its output does', () => {
    const bench = runToxic('noop', {});
    bench.block(true);
    bench.send('a');
    expect(bench.stage.ready).toBe(false);
    expect(bench.outputs).toEqual([]);
    bench.block(false);
    expect(texts(bench)).toEqual(['a']);
    expect(bench.stage.ready).toBe(true);
  });

  it('bounds what waits in front of latency by bytes and by chunks', () => {
    const bytes = runToxic('latency', { latency: 1000 });
    let sent = 0;
    for (; bytes.stage.ready && sent < 100_000; sent += 1) bytes.send('x'.repeat(65_536));
    expect(sent * 65_536).toBeLessThanOrEqual(9 * 1024 * 1024);
    const chunks = runToxic('latency', { latency: 1000 });
    for (sent = 0; chunks.stage.ready && sent < 100_000; sent += 1) chunks.send('x');
    expect(sent).toBeLessThanOrEqual(1026);
  });
});

describe('every toxic', () => {
  it('is registered in alphabetical order', () => {
    const types = toxicKinds.map((kind) => kind.type);
    expect(types).toEqual(types.toSorted());
    expect(new Set(types).size).toBe(types.length);
  });

  it.each(toxicKinds.map((kind) => kind.type))(
    '%s ends when its input has ended, and leaves no timer behind',
    (type) => {
      const bench = runToxic(type, { rate: 1, bytes: 100, average_size: 1 });
      bench.send('abc');
      bench.stage.end();
      bench.clock.advance(1000);
      expect(bench.endedAtMs()).toBeDefined();
      expect(bench.clock.pending).toBe(0);
    },
  );
});
