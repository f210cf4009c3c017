import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ReaperLost } from './errors.ts';
import { newRunId } from './run-id.ts';
import { isAlive, processesNaming, processesOfRun } from './testing/living-processes.ts';
import { startReaper } from './reaper.ts';

const standIn = path.join(import.meta.dirname, 'testing', 'harness-stand-in.ts');
/** What the project promises: nothing is left after this time. */
const promisedMs = 5_000;

const reportSchema = z.object({
  runId: z.string(),
  reaper: z.number(),
  folder: z.string(),
  children: z.array(z.number()),
});
type Report = z.infer<typeof reportSchema>;

const started: ChildProcess[] = [];
const reports: Report[] = [];
// Also what a reaper that fails its test has left.
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const { children, runId } of reports.splice(0)) {
    for (const pid of [...children.filter(isAlive), ...processesOfRun(runId)]) process.kill(pid, 'SIGKILL');
  }
});

async function startStandIn(
  mode: string,
): Promise<{ harness: ChildProcess; report: Report; ended: Promise<unknown[]> }> {
  const harness = spawn(process.execPath, [standIn, mode], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(harness);
  const ended = once(harness, 'exit');
  for await (const line of createInterface({ input: harness.stdout })) {
    const report = reportSchema.parse(JSON.parse(line));
    reports.push(report);
    return { harness, report, ended };
  }
  throw new Error('the stand-in ended without a report');
}

function remainders({ children, folder, runId, reaper }: Report) {
  return {
    children: children.filter(isAlive),
    marked: processesOfRun(runId),
    reaper: isAlive(reaper),
    folder: existsSync(folder),
  };
}
const nothing = { children: [], marked: [], reaper: false, folder: false };

function groupOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the stand-in was not started');
  return -child.pid;
}

describe('after the end of the harness nothing is left', () => {
  it('after SIGKILL', async () => {
    const { harness, report, ended } = await startStandIn('wait');
    expect(report.children.every(isAlive)).toBe(true);
    harness.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    await expect.poll(() => remainders(report), { timeout: promisedMs }).toEqual(nothing);
  });

  it('after SIGKILL to its whole process group', async () => {
    const { harness, report, ended } = await startStandIn('wait');
    process.kill(groupOf(harness), 'SIGKILL');
    await ended;
    await expect.poll(() => remainders(report), { timeout: promisedMs }).toEqual(nothing);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('after %s to its whole process group', async (signal) => {
    const { harness, report, ended } = await startStandIn('wait');
    process.kill(groupOf(harness), signal);
    await expect.poll(() => remainders(report), { timeout: promisedMs }).toEqual(nothing);
    // The child that it did not own, and the grandchild that fled its group, are faults of this harness.
    expect(await ended).toEqual([1, null]);
  });

  it.each([
    ['an uncaught exception', 'crash', 1],
    ['an unhandled rejection', 'reject', 1],
    ['process.exit', 'exit', 5],
  ])('after %s', async (_, mode, status) => {
    const { report, ended } = await startStandIn(mode);
    expect(await ended).toEqual([status, null]);
    await expect.poll(() => remainders(report), { timeout: promisedMs }).toEqual(nothing);
  });
});

describe('a harness that is killed while it starts', () => {
  // The moments between a process's start and its registration are short: more kills find more of them.
  const kills = Number(process.env['REDCLIFF_KILLS'] ?? 8);
  const latestMs = 400;

  it.each(Array.from({ length: kills }, (_, index) => Math.round((latestMs * (index + 1)) / kills)))(
    'after %d ms leaves nothing',
    async (delayMs) => {
      const runId = newRunId();
      const harness = spawn(process.execPath, [standIn, 'wait', runId], { detached: true, stdio: 'ignore' });
      started.push(harness);
      const ended = once(harness, 'exit');
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      harness.kill('SIGKILL');
      await ended;
      const left = () => ({
        marked: processesOfRun(runId),
        named: processesNaming(runId),
        folders: readdirSync(tmpdir()).filter((name) => name.includes(runId)),
      });
      await expect.poll(left, { timeout: promisedMs }).toEqual({ marked: [], named: [], folders: [] });
    },
  );
});

describe('the reaper', () => {
  it('ends in order with the harness, leaving other processes alone', async () => {
    const reaper = await startReaper();
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    started.push(bystander);
    expect(isAlive(reaper.pid)).toBe(true);
    await reaper[Symbol.asyncDispose]();
    expect(isAlive(reaper.pid)).toBe(false);
    expect(bystander.exitCode).toBe(null);
    expect(isAlive(bystander.pid ?? 0)).toBe(true);
    expect(reaper.lost.aborted).toBe(false);
  });

  it('names what an orderly run left behind, and kills it', async () => {
    const reaper = await startReaper();
    const forgotten = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, ...reaper.environment },
    });
    started.push(forgotten);
    const ended = once(forgotten, 'exit');
    await expect(reaper[Symbol.asyncDispose]()).rejects.toThrow(`${forgotten.pid} `);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('is missed when it dies', async () => {
    const reaper = await startReaper();
    const lost = once(reaper.lost, 'abort');
    process.kill(reaper.pid, 'SIGKILL');
    await lost;
    expect(reaper.lost.reason).toBeInstanceOf(ReaperLost);
    await reaper[Symbol.asyncDispose]();
  });

  it('is not ended by the signals that are meant for the harness', async () => {
    await using reaper = await startReaper();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(reaper.pid, signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAlive(reaper.pid)).toBe(true);
  });
});
