import { setImmediate } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { expect, it } from 'vitest';
import type { FencedWriteFollower } from '../api/target.ts';
import type { Clock } from '../clock.ts';
import { recordFencedWrites } from './fenced-writes.ts';

const documentIn = (token: number) => ({
  operationType: 'replace',
  ns: { coll: 'orders' },
  documentKey: { _id: 'o1' },
  fullDocument: { token },
});

/** Every change after a document's first one is a write under its lock. */
const follower: FencedWriteFollower = {
  collections: ['orders'],
  reader: () => {
    const known = new Set<string>();
    return ({ id, fields }) => {
      const first = !known.has(id);
      known.add(id);
      return first ? null : { lock: `lock:${id}`, token: Number(fields['token']) };
    };
  },
};

/** A database in which one document is written at each of these moments, under another token each time; time passes in sleeps only. */
function databaseWith(writtenAtMs: readonly number[]): { database: Db; clock: Clock; nowMs: () => number } {
  let nowMs = 0;
  let writes = 0;
  const told: ReturnType<typeof documentIn>[] = [];
  let closed = false;
  let wake = (): void => undefined;
  async function* changes() {
    while (!closed) {
      if (told.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      yield* told.splice(0);
    }
  }
  const stream = Object.assign(changes(), {
    close: async () => {
      closed = true;
      wake();
    },
  });
  const sleep = async (delayMs: number): Promise<void> => {
    const untilMs = nowMs + delayMs;
    for (let atMs = writtenAtMs[writes]; atMs !== undefined && atMs <= untilMs; atMs = writtenAtMs[writes]) {
      nowMs = atMs;
      writes += 1;
      told.push(documentIn(writes));
      wake();
      await setImmediate();
    }
    nowMs = untilMs;
  };
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep } as Clock;
  // Only what the recorder uses.
  return { database: { watch: () => stream } as unknown as Db, clock, nowMs: () => nowMs };
}

it('ends when nothing has come for a moment, with all that came until then', async () => {
  const { database, clock, nowMs } = databaseWith([100, 350, 600, 5_000]);
  const { writes, gaps } = await recordFencedWrites(database, clock, follower).finish();
  expect(nowMs()).toBe(900);
  // The first change only tells what is in the document.
  expect(writes.map(({ token, atMs }) => [token, atMs])).toEqual([
    [2, 350],
    [3, 600],
  ]);
  expect(gaps).toBe(0);
});

it('ends at once when nothing has come for long', async () => {
  const { database, clock, nowMs } = databaseWith([100, 200]);
  const recorder = recordFencedWrites(database, clock, follower);
  await clock.sleep(2_000);
  expect((await recorder.finish()).writes).toHaveLength(1);
  expect(nowMs()).toBe(2_000);
});

it('ends after a while although changes keep coming', async () => {
  const { database, clock, nowMs } = databaseWith(Array.from({ length: 100 }, (_, index) => index * 200));
  await recordFencedWrites(database, clock, follower).finish();
  expect(nowMs()).toBe(3_000);
});
