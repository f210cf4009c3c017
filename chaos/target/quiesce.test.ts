import { expect, test } from 'vitest';
import { quiesce } from './quiesce.ts';
import type { RunningTarget } from './start.ts';

type Target = RunningTarget['target'];

/** A target of which only these functions matter, and whose polls take no time. */
function running(
  target: Partial<Pick<Target, 'atRest' | 'beforeFinalReads' | 'quiesce' | 'watch'>>,
  wellAfterMs = 0,
): RunningTarget {
  let nowMs = 0;
  const context = {
    clock: { nowMs: () => nowMs, sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
    until: async (condition: () => Promise<boolean>, limitMs: number) => {
      for (const endMs = nowMs + limitMs; nowMs <= endMs; nowMs += 1_000) if (await condition()) return true;
      return false;
    },
  };
  return {
    target: { health: { path: '/', read: () => ({ well: true }) }, ...target },
    context,
    health: () => Promise.resolve({ well: nowMs >= wellAfterMs }),
  } as unknown as RunningTarget;
}

test('a target is watched before it is helped, and what was seen is kept', async () => {
  const calls: string[] = [];
  const rest = await quiesce(
    running({
      watch: async () => (calls.push('watch'), { undone: [] }),
      quiesce: async () => (calls.push('quiesce'), null),
      beforeFinalReads: async () => (calls.push('read'), { shown: 3 }),
    }),
    15_000,
  );
  expect(calls).toEqual(['watch', 'quiesce', 'read']);
  expect(rest).toMatchObject({ watched: { undone: [] }, lastReads: { shown: 3 } });
  expect(rest.quiescedMs).not.toBeNull();
});

test('what was watched is kept as well when the target did not reach rest', async () => {
  const target = running({
    watch: async () => ({ undone: ['turn 3'] }),
    atRest: async () => 'turn 3 is open',
  });
  expect(await quiesce(target, 15_000)).toEqual({
    quiescedMs: null,
    reason: 'turn 3 is open, still after 15000 ms',
    watched: { undone: ['turn 3'] },
  });
});

test('a target that comes back late is watched beyond the limit, so that lateness is decided', async () => {
  expect((await quiesce(running({}, 25_000), 15_000)).quiescedMs).toBe(25_000);
  expect(await quiesce(running({}, 99_000), 15_000)).toMatchObject({
    quiescedMs: null,
    reason: expect.stringContaining('within 30000 ms') as string,
  });
});
