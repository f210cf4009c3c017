import { expect, it } from 'vitest';
import type { FaultContext } from '../../chaos/api/index.ts';
import { systemClock } from '../../chaos/clock.ts';
import { pauseInTheMiddle } from './turn-in-progress.ts';

/** Two processors; the database says of both that they left turn 3 of session s1 unfinished. */
function contextOf(told: string[]): FaultContext {
  const processes = ['turn-processor-1', 'turn-processor-2'].map((name) => ({
    name,
    running: () => true,
    pause: () => told.push(`${name} paused`),
    resume: () => told.push(`${name} resumed`),
  }));
  const find = ({ 'turn_started.by': { $in: names } }: { 'turn_started.by': { $in: string[] } }) => ({
    toArray: () =>
      Promise.resolve(names.map((by) => ({ _id: 's1', turn: 2, turn_started: { turn: 3, by } }))),
  });
  return {
    processes: { withRole: () => processes },
    observer: { database: { collection: () => ({ find }) } },
    clock: systemClock,
    signal: new AbortController().signal,
  } as unknown as FaultContext;
}

it('passes over a process that has only the name of the one that left the turn', async () => {
  const told: string[] = [];
  const worker = await pauseInTheMiddle(contextOf(told), 5_000, ({ process }) =>
    Promise.resolve(process.name === 'turn-processor-2'),
  );
  expect(worker).toMatchObject({ process: { name: 'turn-processor-2' }, sessionId: 's1', turn: 3 });
  expect(told).toEqual(['turn-processor-1 paused', 'turn-processor-1 resumed', 'turn-processor-2 paused']);
});

it('leaves no process paused when none fits', async () => {
  const told: string[] = [];
  expect(await pauseInTheMiddle(contextOf(told), 100, () => Promise.resolve(false))).toBeNull();
  expect(told.filter((line) => line.endsWith('paused'))).toHaveLength(
    told.filter((line) => line.endsWith('resumed')).length,
  );
});
