/** Load generators that fail in one way each, in place of k6, for tests of how the harness reports it. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const preamble = `
import { readFileSync, writeFileSync } from 'node:fs';
const args = process.argv;
const historyFile = args[args.indexOf('--console-output') + 1];
const settingsFile = args.find((arg) => arg.startsWith('REDCLIFF_SETTINGS=')).slice('REDCLIFF_SETTINGS='.length);
const { summaryFile, startUrl } = JSON.parse(readFileSync(settingsFile, 'utf8'));
const line = (process, type, startedMs, endedMs) =>
  JSON.stringify({
    process, f: 'read', type, intendedMs: startedMs, startedMs, endedMs,
    value: { id: 'i1', text: 'seeded', status: 200 },
  }) + '\\n';
const start = () => fetch(startUrl);
const summary = () => writeFileSync(summaryFile, JSON.stringify({ metrics: {} }));
`;

/** What each does, as the body of a module. */
const bodies = {
  'complains and gives up': `
    for (let line = 1; line <= 30; line += 1) console.error('complaint ' + line);
    process.exitCode = 107;`,
  'complains and gives up under load': `
    await start();
    for (let line = 1; line <= 30; line += 1) console.error('complaint ' + line);
    process.exitCode = 107;`,
  'contradicts itself': `
    await start();
    writeFileSync(historyFile, line(1, 'info', 1, 2) + line(1, 'ok', 3, 4));
    summary();`,
  'is cut off in the middle of a line': `
    await start();
    writeFileSync(historyFile, line(1, 'ok', 1, 2) + line(2, 'ok', 1, 2).slice(0, 40));
    summary();`,
  'is killed': `
    await start();
    writeFileSync(historyFile, line(1, 'ok', 1, 2));
    process.kill(process.pid, 'SIGKILL');`,
  'leaves no history': `
    await start();
    summary();`,
  'leaves no summary': `
    await start();
    writeFileSync(historyFile, line(1, 'ok', 1, 2));`,
  'writes something else': `
    await start();
    writeFileSync(historyFile, '{"level":"info"}\\n' + line(1, 'ok', 1, 2));
    summary();`,
} as const;

export type K6Failure = keyof typeof bodies;
export const k6Failures = Object.keys(bodies) as K6Failure[];

/** Path of a program in `folder` that is started as k6 is and fails in this way. */
export async function brokenK6(folder: string, failure: K6Failure): Promise<string> {
  const path = join(folder, `${failure.replaceAll(' ', '-')}.mjs`);
  await writeFile(path, `#!${process.execPath}\n${preamble}${bodies[failure]}\n`);
  await chmod(path, 0o755);
  return path;
}
