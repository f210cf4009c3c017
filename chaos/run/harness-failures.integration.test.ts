/** What goes wrong with the harness is reported as what it is: neither a pass nor a violation. */
import { mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cell } from '../../reports/record/report.ts';
import { systemClock } from '../clock.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { startReaper, type Reaper } from '../process/reaper.ts';
import { localProvider } from '../stack/local-provider.ts';
import type { Stack, StackPart } from '../stack/contract.ts';
import { sample, sampleCell } from '../testing/sample/sample.ts';
import { runCell } from './cell.ts';
import { type CellContext, silentProgress } from './cell-context.ts';
import { historyFileName } from './cell-folder.ts';
import { exitOf } from './exit-status.ts';
import { brokenK6, k6Failures } from './testing/broken-k6.ts';

/** A cell that does not reach rest takes its time; a guard against hanging. */
const limitMs = 180_000;
const clock = systemClock;
const { signal } = new AbortController();

let owned: AsyncDisposableStack;
let reaper: Reaper;
let stack: Stack;

beforeAll(async () => {
  owned = new AsyncDisposableStack();
  reaper = owned.use(await startReaper({ clock }));
  stack = owned.use(await startStack());
});
afterAll(() => owned.disposeAsync());

async function startStack(): Promise<Stack> {
  const folder = await temporaryFolder(reaper, 'harness-failures');
  const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };
  return await localProvider({ reaper, clock, environment }).start({
    folder: folder.path,
    seed: '1',
    signal,
  });
}

interface CellOptions {
  readonly k6?: string;
  readonly on?: Stack;
  readonly phase?: (name: string) => void;
  readonly durationMs?: number;
}

async function run(
  runFolder: string,
  { k6, on = stack, phase, durationMs = 1_000 }: CellOptions,
): Promise<Cell> {
  const context: CellContext = {
    target: sample,
    stack: on,
    reaper,
    clock,
    signal,
    progress: { ...silentProgress, ...(phase === undefined ? {} : { phase }) },
    k6: k6 === undefined ? null : { path: k6, version: '1.0.0' },
    workers: 1,
  };
  return await runCell(context, sampleCell({ durationMs }), runFolder);
}

/** What is said of the cell: nothing about the target, and the run ends with 70, not with 0 and not with 1. */
const nothingSaid = (reason: RegExp) => ({
  harnessError: expect.stringMatching(reason),
  verdicts: ['unknown'],
  exit: { code: 70, reason: expect.stringMatching(reason) },
});

function said(cell: Cell) {
  const verdicts = [...new Set(cell.verdicts.map(({ verdict }) => verdict))];
  return { harnessError: cell.harnessError, verdicts, exit: exitOf([cell], false, null) };
}

const reasons = {
  'complains and gives up':
    /^(?:the harness failed in items × none: )?the load generator ended with status 107 before the load started/,
  'complains and gives up under load':
    /^(?:the harness failed in items × none: )?the load generator ended with status 107(?! before)/,
  'contradicts itself': /which ended info: the process must not go on/,
  'is cut off in the middle of a line': /it ends in the middle of line 2/,
  'is killed': /load generator ended with .*SIGKILL/,
  'leaves no history': /history\.ndjson does not exist/,
  'leaves no summary': /k6-summary\.json/,
  'writes something else': /history\.ndjson line 1: process/,
};

test.each(k6Failures)('a load generator that %s', { timeout: limitMs }, async (failure) => {
  await using folder = await temporaryFolder(reaper, 'broken-k6');
  const cell = await run(folder.path, { k6: await brokenK6(folder.path, failure) });
  expect(said(cell)).toEqual(nothingSaid(reasons[failure]));
});

test('what a load generator said last is shown', { timeout: limitMs }, async () => {
  await using folder = await temporaryFolder(reaper, 'broken-k6');
  const cell = await run(folder.path, { k6: await brokenK6(folder.path, 'complains and gives up') });
  const [, log, ...rest] = (cell.harnessError ?? '').split('\n');
  const quoted = rest.slice(0, -1);
  expect(rest.at(-1)).toBe('  read the log; redcliff emulator k6 run SCRIPT runs a script alone');
  expect(log).toMatch(/^ {2}its log .*k6\.log ends with$/);
  expect(quoted).toEqual(Array.from({ length: 20 }, (_, index) => `  | complaint ${index + 11}`));
});

/** A device on which every write fails with ENOSPC. */
const fullDevice = '/dev/full';

test.each([
  [historyFileName, /load generator ended with status/],
  ['evidence.json', /ENOSPC/],
])('no space is left for %s', { timeout: limitMs }, async (file, reason) => {
  await using folder = await temporaryFolder(reaper, 'no-space');
  const cellFolder = join(folder.path, 'cells', 'items-none');
  await mkdir(cellFolder, { recursive: true });
  await symlink(fullDevice, join(cellFolder, file));
  expect(said(await run(folder.path, {}))).toEqual(nothingSaid(reason));
});

// At once, for each waits long for a rest that does not come.
test.concurrent.each<StackPart>(['mongo', 'redis', 'toxiproxy'])(
  'the %s of the stack dies by itself under load',
  { timeout: limitMs },
  async (part) => {
    await using folder = await temporaryFolder(reaper, 'dying-part');
    await using own = await startStack();
    const pid = await pidOfLog(own.logs[part] ?? '');
    const phase = (name: string): void => {
      // In the middle of the load.
      if (name === 'load') setTimeout(() => process.kill(pid, 'SIGKILL'), 700);
    };
    const cell = await run(folder.path, { on: own, phase, durationMs: 2_000 });
    expect(said(cell)).toEqual(nothingSaid(new RegExp(`${part} ended by itself`)));
  },
);

/** Parts are known by the log that they write. */
async function pidOfLog(log: string): Promise<number> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const output = await readlink(`/proc/${pid}/fd/1`).catch(() => '');
    const zombie = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).includes(') Z ');
    if (output === log && !zombie) return Number(pid);
  }
  throw new Error(`no process writes ${log}`);
}
