/** `redcliff run`: the main job. Everything that can be wrong with the input is found before anything starts. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { writeIndex } from '../../reports/index/write-index.ts';
import { renderAnnotations } from '../../reports/render/render-annotations.ts';
import { renderTable } from '../../reports/render/render-table.ts';
import { experiments } from '../../scenarios/registry.ts';
import { systemClock } from '../clock.ts';
import { checkDefect } from '../defects/load.ts';
import { UsageError } from '../errors.ts';
import { type CellSelection, planCells } from '../experiment/cell-plan.ts';
import { exitOf } from '../experiment/exit-status.ts';
import { chooseK6 } from '../experiment/k6-program.ts';
import { lanesOn } from '../experiment/lanes.ts';
import { needsOf } from '../experiment/needs.ts';
import { compareWithRecorded, recordCells } from '../experiment/recorded.ts';
import { runCells } from '../experiment/run-cells.ts';
import { linkLatest, writeRun } from '../experiment/run-folder.ts';
import { parseSuite } from '../experiment/suites.ts';
import { startLiveServer } from '../live/live-server.ts';
import { watchRun } from '../live/watch-run.ts';
import { seededRandom } from '../random.ts';
import { type ExperimentFile, planOf, readExperimentFile } from '../reproduce/experiment-file.ts';
import { readTimeline } from '../timeline/read-timeline.ts';
import { parseDurationMs } from './duration.ts';
import { openHarnessSession } from './harness-session.ts';
import { describeCommand } from './invocation.ts';
import { parseLanes } from './lanes-option.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { showProgress } from './progress.ts';
import { addStackOptions, type StackFlags } from './stack-options.ts';

interface RunFlags extends StackFlags {
  readonly outage?: string[];
  readonly suite?: string;
  readonly timeline?: string;
  readonly experiment?: string;
  readonly seed?: string;
  readonly duration?: string;
  readonly out: string;
  readonly lanes?: string;
  readonly k6?: string;
  readonly defect?: string;
  readonly record?: boolean;
  readonly live?: boolean;
  readonly quiet?: boolean;
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('run scenarios undisturbed and under outages, judge them and write the report')
    .argument(
      '[scenario...]',
      `${experiments.map(({ name }) => name).join(', ')}; reads, turns and writes when none is named`,
    )
    .option(
      '--outage <name...>',
      'only these outages; "none" is the undisturbed run (default: those of the suite)',
    )
    .option('--suite <name>', 'ci, smoke or soak (default: a short one of all scenarios)')
    .option('--timeline <file>', 'faults written by hand, as a JSON list, instead of outages')
    .option(
      '--experiment <file>',
      'a whole experiment, as "reproduce --shrink" writes it, instead of scenarios',
    )
    .option('--seed <text>', 'what every random choice is drawn from (default: a new one, printed)')
    .option('--duration <time>', 'of the load in each cell, such as 20s (default: the scenario’s own)')
    .option('--out <folder>', 'where the folder of the run is made', 'reports/runs')
    .option('--lanes <n>', 'cells at once, each on a stack of its own (default: 2 for --suite ci, else 1)')
    .option('--k6 <path>', 'a real k6, docker, or built-in (or REDCLIFF_K6; else k6 on PATH, else built-in)')
    .option('--defect <name>', 'plant a defect in the system, to see it caught')
    .option('--record', 'keep this run among those that later runs are compared with')
    .option('--live', 'serve a page, on loopback, that shows the run while it goes on')
    .option('--quiet', 'print only the result');
  addStackOptions(command).action(run);
}

/** A timeline written by hand replaces the outages, so nothing else may choose some. */
async function readSelection(flags: RunFlags): Promise<Pick<CellSelection, 'suite' | 'timeline'>> {
  const suite = flags.suite === undefined ? undefined : parseSuite(flags.suite);
  if (flags.timeline === undefined) return { suite, timeline: undefined };
  const other = suite === undefined ? flags.outage && '--outage' : '--suite';
  if (other !== undefined)
    throw new UsageError(`--timeline and ${other} exclude each other`, `leave one of them out`);
  return { suite, timeline: await readTimeline(flags.timeline) };
}

/** A written experiment decides everything that is done in its cell; null without one. */
async function readWritten(scenarios: readonly string[], flags: RunFlags): Promise<ExperimentFile | null> {
  if (flags.experiment === undefined) return null;
  const given: readonly (readonly [string, unknown])[] = [
    ['a scenario', scenarios[0]],
    ['--outage', flags.outage],
    ['--suite', flags.suite],
    ['--timeline', flags.timeline],
    ['--duration', flags.duration],
  ];
  const other = given.find(([, value]) => value !== undefined);
  if (other !== undefined) {
    throw new UsageError(
      `--experiment and ${other[0]} exclude each other`,
      'leave one out, or edit the file',
    );
  }
  return readExperimentFile(flags.experiment);
}

async function run(scenarios: string[], flags: RunFlags): Promise<void> {
  const clock = systemClock;
  const startedAt = new Date(clock.nowMs());
  const written = await readWritten(scenarios, flags);
  const seed = flags.seed ?? written?.seed ?? seededRandom(startedAt.getTime()).uuid().slice(0, 8);
  const plans =
    written === null
      ? planCells({
          scenarios,
          outages: flags.outage ?? [],
          ...(await readSelection(flags)),
          seed,
          durationMs:
            flags.duration === undefined ? undefined : parseDurationMs('--duration', flags.duration),
        })
      : [planOf({ ...written, seed })];
  const asked = parseLanes(flags.lanes);
  if (flags.defect !== undefined) checkDefect(flags.defect);
  const k6 = await chooseK6(flags.k6, process.env);
  await checkWritable(flags.out);

  using progress = showProgress(process.stderr, clock, flags.quiet === true);
  await using session = await openHarnessSession(
    flags,
    clock,
    (line) => progress.note(line),
    plans.map(needsOf),
  );
  const lanes = lanesOn(session.provider, asked, flags.suite === 'ci');
  const folder = await makeRunFolder(flags.out, startedAt, [
    ...new Set(plans.map(({ experiment }) => experiment.name)),
  ]);
  progress.note(`Seed ${seed}, ${plans.length} cells, results in ${folder.path}`);
  const watch = watchRun(progress, clock);
  await using live = flags.live === true ? await startLiveServer({ clock, read: () => watch.read() }) : null;
  if (live !== null) console.log(`Live page: ${live.url}`);
  const { report: ran, cutShort } = await runCells({
    ...session,
    plans,
    outagesNamed: written !== null || flags.outage !== undefined || flags.timeline !== undefined,
    seed,
    command: describeCommand(scenarios, flags, seed),
    id: folder.id,
    folder: folder.path,
    clock,
    lanes,
    k6,
    defect: flags.defect ?? written?.defect ?? null,
    progress: watch.progress,
  });
  const comparison = await compareWithRecorded(ran);
  const report = { ...ran, comparison, exit: exitOf(ran.cells, comparison.worse, cutShort) };
  await writeRun(folder.path, report);
  await linkLatest(flags.out, folder.id);
  if (flags.record === true) {
    if (report.exit.code === 0 || report.exit.code === 3) await recordCells(report, comparison.worse);
    else progress.note('Not recorded: only a run in which everything held is kept as a reference');
  }
  console.log(renderTable(report));
  console.log(`${report.exit.code === 0 ? 'Held' : 'Not held'}: ${report.exit.reason}`);
  // GitHub reads these from what a step prints, and shows them on the page of the change.
  if (process.env['GITHUB_ACTIONS'] === 'true') process.stdout.write(renderAnnotations(report));
  console.log(`Report: ${join(folder.path, 'report.html')}`);
  // What other runs left behind must not take this one's verdict.
  await writeIndex(flags.out).then(
    (index) => console.log(`All runs: ${index}`),
    (error: unknown) => progress.note(`The page of all runs could not be written: ${String(error)}`),
  );
  process.exitCode = report.exit.code;
}
