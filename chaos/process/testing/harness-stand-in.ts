/**
 * A harness reduced to what it must never leave behind: a plain child, one that ignores SIGTERM and has started a
 * grandchild in a session of its own, a paused one, one that was never registered, and a temporary folder. Tests end it
 * in every possible way. Arguments: `wait`, `crash`, `reject` or `exit`, and the run's id.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../clock.ts';
import { listenForInterruption } from '../interruption.ts';
import { newRunId } from '../run-id.ts';
import { spawnSupervised } from '../supervised-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startReaper } from '../reaper.ts';

const [, , mode, runId = newRunId()] = process.argv;
const forever = 'setInterval(() => {}, 1000);';
const stubborn = `process.on('SIGTERM', () => {});
  const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { detached: true, stdio: 'ignore' });
  console.log(JSON.stringify({ grandchild: pid }));
  ${forever}`;

await using reaper = await startReaper({ runId });
using interruption = listenForInterruption({
  source: process,
  clock: systemClock,
  killEverything: () => reaper.killEverything(),
  exit: (status) => process.exit(status),
});
await using folder = await temporaryFolder(reaper, 'stand-in');
writeFileSync(path.join(folder.path, 'data'), 'x');

const child = (name: string, script: string, ready?: (line: string) => boolean) =>
  spawnSupervised({
    name,
    command: process.execPath,
    args: ['-e', script],
    logFile: path.join(folder.path, `${name}.log`),
    ready: ready === undefined ? { kind: 'started' } : { kind: 'line', matches: ready },
    stopGraceMs: 200,
    reaper,
  });
await using plain = await child('plain', forever);
await using parent = await child('parent', stubborn, (line) => line.includes('grandchild'));
await using paused = await child('paused', forever);
paused.pause();
const unregistered = spawn(process.execPath, ['-e', forever], {
  detached: true,
  stdio: 'ignore',
  env: { ...process.env, ...reaper.environment },
});
const { grandchild } = JSON.parse(parent.readyLine ?? '');

const report = {
  runId: reaper.runId,
  reaper: reaper.pid,
  folder: folder.path,
  children: [plain.pid, parent.pid, paused.pid, unregistered.pid, grandchild],
};
process.stdout.write(`${JSON.stringify(report)}\n`);

if (mode === 'crash') setImmediate(() => JSON.parse('crash'));
if (mode === 'reject') void Promise.reject(new Error('unhandled on purpose'));
if (mode === 'exit') process.exit(5);
await new Promise<void>((resolve) => {
  const keepAlive = systemClock.sleep(600_000, interruption.signal);
  void keepAlive.then(resolve, () => resolve());
});
process.exitCode = 130;
