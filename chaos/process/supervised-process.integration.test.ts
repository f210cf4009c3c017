import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProcessNotReady, ProcessStateError, ProgramMissing } from './errors.ts';
import {
  type ProcessExit,
  type RunningProcess,
  spawnSupervised,
  type SupervisedOptions,
} from './supervised-process.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
import { isAlive, processesOfRun } from './testing/living-processes.ts';
import { startReaper, type Reaper } from './reaper.ts';

const forever = 'setInterval(() => {}, 1000);';

describe('spawnSupervised', () => {
  let reaper: Reaper;
  let folder: TemporaryFolder;
  let logFile = '';
  beforeAll(async () => {
    reaper = await startReaper();
  });
  // It throws when a test left a process behind.
  afterAll(() => reaper[Symbol.asyncDispose]());
  beforeEach(async () => {
    folder = await temporaryFolder(reaper, 'supervised');
    logFile = path.join(folder.path, 'logs', 'child.log');
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const start = (script: string, options: Partial<SupervisedOptions> = {}): Promise<RunningProcess> =>
    spawnSupervised({
      name: 'child',
      command: process.execPath,
      args: ['-e', script],
      logFile,
      ready: { kind: 'line', matches: (line) => line.includes('ready') },
      reaper,
      ...options,
    });

  it('resolves when a line says so, and logs stdout and stderr', async () => {
    await using child = await start(`console.error('warming up'); console.log('ready to go'); ${forever}`);
    expect(child.readyLine).toBe('ready to go');
    expect(child.state).toEqual({ kind: 'running', pid: child.pid });
    expect(readFileSync(logFile, 'utf8')).toBe('warming up\nready to go\n');
    expect(child.lastLines(1)).toEqual(['ready to go']);
  });

  it('resolves when the process accepts connections', async () => {
    const port = await freePort();
    await using child = await start(`require('node:net').createServer().listen(${port}, '127.0.0.1')`, {
      ready: { kind: 'tcp', host: '127.0.0.1', port },
    });
    expect(child.state.kind).toBe('running');
  });

  it('gives the process its environment and the id of the run', async () => {
    await using child = await start(
      `console.log('ready', process.env.COLOUR, process.env.REDCLIFF_RUN_ID); ${forever}`,
      {
        env: { COLOUR: 'red' },
      },
    );
    expect(child.readyLine).toBe(`ready red ${reaper.runId}`);
  });

  it('appends to the log of an earlier process, and does not take its lines for its own', async () => {
    await using first = await start(`console.log('ready 1'); ${forever}`);
    await first.kill();
    await using second = await start(`setTimeout(() => console.log('ready 2'), 50); ${forever}`);
    expect(second.readyLine).toBe('ready 2');
    expect(readFileSync(logFile, 'utf8')).toBe('ready 1\nready 2\n');
  });

  it('rejects with the end of the log of a process that ended before it was ready', async () => {
    const failure = start(`console.error('no disk'); process.exit(3)`);
    await expect(failure).rejects.toThrow(ProcessNotReady);
    await expect(failure).rejects.toThrow(
      /child did not become ready: it ended with status 3\n {2}\| no disk/,
    );
    await expect(failure).rejects.toMatchObject({ code: 'process_not_ready', exitStatus: 70 });
  });

  it('kills a process that is not ready in time', async () => {
    await expect(start(`console.log('thinking'); ${forever}`, { readyDeadlineMs: 300 })).rejects.toThrow(
      'it was not within 300 ms',
    );
    expect(processesOfRun(reaper.runId)).toEqual([]);
  });

  it('kills a process whose start is aborted', async () => {
    const controller = new AbortController();
    const starting = start(forever, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(starting).rejects.toThrow('enough');
    expect(processesOfRun(reaper.runId)).toEqual([]);
  });

  it.each([{ kind: 'started' } as const, { kind: 'line', matches: () => true } as const])(
    'rejects for a program that is not there, ready when $kind',
    async (ready) => {
      const failure = start('', { command: '/nonexistent/program', ready });
      await expect(failure).rejects.toThrow(ProgramMissing);
      await expect(failure).rejects.toMatchObject({ code: 'program_missing', exitStatus: 69 });
    },
  );

  it('stops a process with SIGTERM when it handles the signal', async () => {
    const child = await start(
      `process.on('SIGTERM', () => process.exit(7)); console.log('ready'); ${forever}`,
    );
    expect(await child.stop()).toEqual({ status: 7, signal: null, expected: true });
    expect(child.state.kind).toBe('stopped');
    expect(await child.stop()).toMatchObject({ status: 7 });
  });

  it('stops a process with SIGKILL when it ignores SIGTERM', async () => {
    const child = await start(`process.on('SIGTERM', () => {}); console.log('ready'); ${forever}`, {
      stopGraceMs: 50,
    });
    expect(await child.stop()).toEqual({ status: null, signal: 'SIGKILL', expected: true });
  });

  it('stops a paused process', async () => {
    const child = await start(
      `process.on('SIGTERM', () => process.exit(7)); console.log('ready'); ${forever}`,
    );
    child.pause();
    expect(child.state.kind).toBe('paused');
    expect(await child.stop()).toMatchObject({ status: 7 });
  });

  it('ends the whole process group', async () => {
    const child = await start(
      `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}]);
       console.log('ready ' + pid); ${forever}`,
    );
    const grandchild = Number(child.readyLine?.split(' ')[1]);
    expect(isAlive(grandchild)).toBe(true);
    await child.kill();
    await expect.poll(() => isAlive(grandchild)).toBe(false);
  });

  it('pauses and resumes', async () => {
    const file = path.join(folder.path, 'ticks');
    writeFileSync(file, '');
    const size = () => readFileSync(file).length;
    await using child = await start(
      `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(file)}, '.'), 1); console.log('ready');`,
    );
    await expect.poll(size).toBeGreaterThan(0);
    child.pause();
    // A write may be under way when the signal is sent; then nothing changes.
    await expect.poll(async () => (await sizeAfter(30, size)) === size()).toBe(true);
    const before = size();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(size()).toBe(before);
    child.resume();
    await expect.poll(size).toBeGreaterThan(before);
  });

  it('reports an unexpected end', async () => {
    const { promise, resolve } = Promise.withResolvers<ProcessExit>();
    const child = await start(`console.log('ready'); ${forever}`, { onUnexpectedExit: resolve });
    process.kill(child.pid, 'SIGKILL');
    expect(await promise).toEqual({ status: null, signal: 'SIGKILL', expected: false });
    expect(child.state.kind).toBe('stopped');
  });

  it('does not report an end that was asked for', async () => {
    const unexpected: ProcessExit[] = [];
    const child = await start(`console.log('ready'); ${forever}`, {
      onUnexpectedExit: (exit) => unexpected.push(exit),
    });
    expect(await child.kill()).toMatchObject({ signal: 'SIGKILL', expected: true });
    expect(unexpected).toEqual([]);
  });

  it('refuses actions that the state does not allow', async () => {
    const child = await start(`console.log('ready'); ${forever}`);
    expect(() => child.resume()).toThrow(ProcessStateError);
    await child.kill();
    expect(() => child.pause()).toThrow('child cannot be paused: it is stopped');
    expect(() => child.signal('SIGHUP')).toThrow(ProcessStateError);
  });
});

async function sizeAfter(delayMs: number, size: () => number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  return size();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
