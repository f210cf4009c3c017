import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { startReaper } from '../process/reaper.ts';
import type { Stack } from '../stack/contract.ts';
import { sample } from '../testing/sample/sample.ts';
import { type CampaignHost, runCampaign } from './campaign.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'again-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A stack of which only its being there matters. */
const stack = {
  unexpectedExits: () => [],
  logs: {},
  [Symbol.asyncDispose]: () => Promise.resolve(),
} as unknown as Stack;

test('a job that the machine was too busy to decide is run once more at the end, alone, and the second try decides', async () => {
  await using reaper = await startReaper({ clock: systemClock });
  const host = {
    target: sample,
    provider: { name: 'local', start: () => Promise.resolve(stack) },
    reaper,
    clock: systemClock,
    signal: new AbortController().signal,
    k6: null,
  } as unknown as CampaignHost;
  const tries: string[] = [];
  const notes: string[] = [];
  const atWork = new Set<string>();
  let together = false;
  const { outcomes } = await runCampaign<string, string>(host, {
    jobs: ['a', 'b', 'c', 'd'],
    idOf: (job) => job,
    workers: 2,
    seed: 's',
    folder,
    resume: 'run it again',
    stackStarted: () => undefined,
    run: async (job) => {
      if (tries.includes(job)) together ||= atWork.size > 0;
      tries.push(job);
      atWork.add(job);
      await new Promise((resolve) => setImmediate(resolve));
      atWork.delete(job);
      return tries.filter((tried) => tried === job).length === 1 && job !== 'c' ? 'undecided' : `${job} held`;
    },
    again: {
      needed: (outcome) => outcome === 'undecided',
      join: (first, second) => `${second} after ${first}`,
      note: (line) => notes.push(line),
    },
  });
  expect(outcomes).toEqual([
    'a held after undecided',
    'b held after undecided',
    'c held',
    'd held after undecided',
  ]);
  expect(tries.slice(4).toSorted()).toEqual(['a', 'b', 'd']);
  expect(together).toBe(false);
  expect(notes).toHaveLength(3);
  expect(notes[0]).toContain('too busy to decide a');
});
