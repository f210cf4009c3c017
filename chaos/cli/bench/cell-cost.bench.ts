/**
 * What a cell costs in processor time, by process and by stage: `node chaos/cli/bench/cell-cost.bench.ts [scenario…] [--fault name…]`, on one
 * worker, one cell after the other. Linux only: the times are those of /proc, in hundredths of a second. They include the start of the stack once.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { runCampaign } from '../../run/campaign.ts';
import { type CellProgress, silentProgress } from '../../run/cell-context.ts';
import { type CellPlan, cellName, needsOf, planCells, planningContext } from '../../run/plan.ts';
import { loadTarget } from '../../target/load-config.ts';
import { openSession } from '../session.ts';

const secondsPerTick = 0.01;
const lookEveryMs = 50;

// As the command does, so that what is measured starts as it does for users.
process.env['NODE_COMPILE_CACHE'] ??= join('.cache', 'compile');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fault: { type: 'string', multiple: true }, seed: { type: 'string', default: 'cost' } },
});
const target = await loadTarget({}, process.cwd());
const plans = planCells(planningContext(target), {
  scenarios: positionals,
  faults: values.fault ?? ['none'],
  seed: values.seed,
  suite: undefined,
  timeline: undefined,
  durationMs: undefined,
  mutant: null,
});

await using session = await openSession({
  flags: { stack: 'auto', quiet: true },
  target,
  k6: null,
  needs: plans.map(needsOf),
});
await using folder = await temporaryFolder(session.host.reaper, 'cost');
const { clock } = session.host;

/** Seconds by process and stage. The harness is this process; every other one is known by the log that it writes. */
const spent = new Map<string, Map<string, number>>();
const lastOf = new Map<string, number>();
const names = new Map<string, string>();
let stage = 'start of the stack';

function look(): void {
  add('harness', 'harness', (process.cpuUsage().user + process.cpuUsage().system) / 1e6);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const found = childOf(pid);
    if (found !== null) add(pid, nameOf(pid), found.seconds);
  }
}

function add(key: string, name: string, seconds: number): void {
  const stages = spent.get(name) ?? new Map<string, number>();
  spent.set(name, stages);
  stages.set(stage, (stages.get(stage) ?? 0) + seconds - (lastOf.get(key) ?? 0));
  lastOf.set(key, seconds);
}

/** User and system time of a process that this one started, with all its threads; null for others and for one that has ended. */
function childOf(pid: string): { readonly seconds: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may contain spaces; the parent is the 4th field, the times are the 14th and 15th.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[1]) !== process.pid) return null;
    return { seconds: (Number(fields[11]) + Number(fields[12])) * secondsPerTick };
  } catch {
    return null;
  }
}

/** Processes of the target and k6 are named by the log that they write, the others by their program. */
function nameOf(pid: string): string {
  const known = names.get(pid);
  if (known !== undefined) return known;
  try {
    const log = readlinkSync(`/proc/${pid}/fd/1`);
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const program = words.find((word) => /redis-server$|main\.(ts|js)$|\.mjs$/.test(word)) ?? words[0] ?? pid;
    const part = basename(program).startsWith('main.') ? basename(dirname(program)) : basename(program);
    const name = log.startsWith(folder.path) ? basename(log, '.log').replace(/-\d+$/, '') : part;
    names.set(pid, name);
    return name;
  } catch {
    return 'unknown';
  }
}

const progress: CellProgress = {
  ...silentProgress,
  phase: (name) => {
    look();
    stage = name;
  },
};
const watching = new AbortController();
const watch = (async () => {
  while (!watching.signal.aborted) {
    look();
    await clock.sleep(lookEveryMs, watching.signal).catch(() => undefined);
  }
})();
const { outcomes, cutShort } = await runCampaign<CellPlan, string>(session.host, {
  jobs: plans,
  idOf: cellName,
  workers: 1,
  seed: values.seed,
  folder: folder.path,
  resume: 'run it again',
  stackStarted: () => undefined,
  run: async (plan, worker) => {
    const cell = await worker.cell(plan, folder.path, { progress });
    look();
    stage = 'between cells';
    return `${cellName(plan)}: ${cell.harnessError ?? `${((cell.endedMs - cell.startedMs) / 1000).toFixed(1)} s`}`;
  },
});
watching.abort();
await watch;
if (cutShort !== null) throw cutShort;
for (const outcome of outcomes) console.log(outcome);

const stages = [...new Set([...spent.values()].flatMap((of) => [...of.keys()]))];
const per = (seconds: number): string => (seconds / plans.length).toFixed(2);
const sum = (values_: Iterable<number>): number => [...values_].reduce((total, value) => total + value, 0);
const rows = [...spent].toSorted(([, a], [, b]) => sum(b.values()) - sum(a.values()));
console.log(`\nProcessor seconds per cell, ${plans.length} cells\n`);
console.log(`| process | ${stages.join(' | ')} | all |`);
console.log(`|---|${stages.map(() => '---|').join('')}---|`);
for (const [name, of] of rows) {
  const cells = stages.map((of_) => per(of.get(of_) ?? 0));
  console.log(`| ${name} | ${cells.join(' | ')} | ${per(sum(of.values()))} |`);
}
const totals = stages.map((name) => sum(rows.map(([, of]) => of.get(name) ?? 0)));
console.log(`| all | ${totals.map(per).join(' | ')} | ${per(sum(totals))} |`);
