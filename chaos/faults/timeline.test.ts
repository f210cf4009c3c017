import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { defineFault, type Fault, type FaultContext } from '../api/fault.ts';
import { type PlannedInjection, playTimeline } from './timeline.ts';

const loadStartMs = 1_000_000;
const silent = { applied: () => undefined, healed: () => undefined };

test('faults that do not conflict are in force at once, to the millisecond of the plan', async () => {
  const stage = openStage();
  const faults = [stage.fault('slow', ['redis']), stage.fault('away', ['mongo'])];
  const records = await stage.play([planned('slow', 100, 500), planned('away', 200, 400)], faults);
  expect(stage.events).toEqual([
    'slow applied 100',
    'away applied 200',
    'away healed 400',
    'slow healed 500',
  ]);
  expect(records.map(({ fault, appliedMs, healedMs }) => [fault, appliedMs, healedMs])).toEqual([
    ['slow', loadStartMs + 100, loadStartMs + 500],
    ['away', loadStartMs + 200, loadStartMs + 400],
  ]);
});

test('a fault waits for an earlier one that it conflicts with and that takes longer than planned, and then lasts as planned', async () => {
  const stage = openStage();
  const faults = [stage.fault('restart', ['redis'], { applyingForMs: 900 }), stage.fault('slow', ['redis'])];
  await stage.play([planned('slow', 500, 700), planned('restart', 100, 300)], faults);
  expect(stage.events).toEqual([
    'restart applied 1000',
    'restart healed 1000',
    'slow applied 1000',
    'slow healed 1200',
  ]);
});

test('an effect that cannot be measured leaves the fault unobserved, with the reason, and the fault is healed', async () => {
  const stage = openStage();
  const faults = [
    stage.fault('slow', ['redis'], { effect: () => Promise.reject(new Error('no connection')) }),
  ];
  const [record] = await stage.play([planned('slow', 100, 200)], faults);
  expect(record?.effect).toMatchObject({
    observed: false,
    evidence: expect.stringContaining('no connection'),
  });
  expect(stage.events).toContain('slow healed 200');
});

test('when the run is aborted, every applied fault is healed and no other is applied', async () => {
  const stage = openStage();
  const faults = [stage.fault('slow', ['redis']), stage.fault('away', ['mongo'])];
  stage.abortAtMs(300);
  const played = stage.play([planned('slow', 100, 500), planned('away', 400, 600)], faults);
  await expect(played).rejects.toThrow('interrupted');
  expect(stage.events).toEqual(['slow applied 100', 'slow healed 300']);
});

interface Window {
  readonly name: string;
  readonly applyAtMs: number;
  readonly healAtMs: number;
}

function planned(name: string, applyAtMs: number, healAtMs: number): Window {
  return { name, applyAtMs, healAtMs };
}

/** Faults that only write down when they were applied and healed, on a clock whose time passes when all sleep. */
function openStage() {
  const clock = virtualClock(loadStartMs);
  const abort = new AbortController();
  const events: string[] = [];
  const note = (what: string) => events.push(`${what} ${clock.nowMs() - loadStartMs}`);
  const observedEffect = () => Promise.resolve({ observed: true, evidence: 'seen', measures: {} });
  return {
    events,
    abortAtMs: (atMs: number) => {
      void clock.sleep(atMs).then(() => abort.abort(new Error('interrupted')));
    },
    fault: (
      name: string,
      breaks: readonly string[],
      { applyingForMs = 0, effect = observedEffect } = {},
    ): Fault =>
      defineFault({
        name,
        title: name,
        needs: [],
        breaks,
        proofNeeds: [],
        parameters: z.strictObject({}),
        draw: () => ({}),
        apply: async () => {
          await clock.sleep(applyingForMs);
          note(`${name} applied`);
          return { effect, heal: () => Promise.resolve(void note(`${name} healed`)) };
        },
      }),
    play: (windows: readonly Window[], faults: readonly Fault[]) => {
      // The faults of this stage touch nothing of the stack.
      const context = { clock, signal: abort.signal } as unknown as FaultContext;
      const timeline = windows.map(({ name, ...times }): PlannedInjection => {
        const fault = faults.find((one) => one.name === name);
        if (fault === undefined) throw new Error(`no fault ${name}`);
        return { fault, ...times, parameters: {} };
      });
      return playTimeline(timeline, loadStartMs, context, silent);
    },
  };
}

/** Goes on to the next sleeper's time whenever nothing else is left to do. */
function virtualClock(startMs: number): Clock {
  let nowMs = startMs;
  const sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  const wakeNext = (): void => {
    const atMs = Math.min(...sleepers.map((sleeper) => sleeper.atMs));
    const index = sleepers.findIndex((sleeper) => sleeper.atMs === atMs);
    const [next] = sleepers.splice(index, 1);
    if (next === undefined) return;
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
  };
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        sleepers.push({ atMs: nowMs + delayMs, wake: resolve });
        setImmediate(() => setImmediate(wakeNext));
      }),
    timer: () => {
      throw new Error('no timer is expected here');
    },
  };
}
