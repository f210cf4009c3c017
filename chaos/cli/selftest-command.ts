/** `redcliff selftest`: plants every defect and sees that the harness catches it. What is wrong with the input is found first. */
import type { Command } from 'commander';
import { checkers } from '../../reports/checkers/registry.ts';
import { systemClock } from '../clock.ts';
import { planDefectCell } from '../defects/defect-cell.ts';
import type { Defect } from '../defects/defect.ts';
import { checkDefect } from '../defects/load.ts';
import { defects } from '../defects/registry.ts';
import { exitOfSelftest, renderOutcomes } from '../defects/selftest/outcome.ts';
import { runSelftest } from '../defects/selftest/run-selftest.ts';
import { MissingPartError, UsageError } from '../errors.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import { lanesOn } from '../experiment/lanes.ts';
import { lackingFor, needsOf, offeredBy } from '../experiment/needs.ts';
import { folderToResume } from '../experiment/outcome-log.ts';
import type { StackProvider } from '../stack/contract.ts';
import { openHarnessSession } from './harness-session.ts';
import { parseLanes } from './lanes-option.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { showProgress } from './progress.ts';
import { parseWholeNumber } from './whole-number.ts';

interface SelftestFlags {
  readonly seed: string;
  readonly stack: string;
  readonly out: string;
  readonly resume?: string;
  readonly withoutChecker?: string[];
  readonly clean?: boolean;
  readonly lanes?: string;
  readonly tries: string;
  readonly list?: boolean;
  readonly quiet?: boolean;
}

export function addSelftestCommand(program: Command): void {
  program
    .command('selftest')
    .description('plant defects in the system and see that each is caught by the scenario that claims it')
    .argument('[defect...]', 'all when none is named')
    .option('--seed <text>', 'what every random choice is drawn from', 'selftest')
    .option('--stack <provider>', 'auto or local', 'auto')
    .option('--lanes <n>', 'cells at once, each on a stack of its own (default: 2)')
    .option(
      '--tries <n>',
      'cells that a defect may have, each with a seed of its own, until it is caught',
      '3',
    )
    .option('--out <folder>', 'where the folder of the selftest is made', 'reports/runs')
    .option('--resume <folder>', 'take up a selftest that was cut short: only what has no outcome yet is run')
    .option('--without-checker <invariant...>', 'judge without these checkers, to see that they are missed')
    .option('--clean', 'run the same cells without the defects: nothing may be accused')
    .option('--list', 'only print which defect is planted where and claimed by what')
    .option('--quiet', 'print only the result')
    .action(selftest);
}

async function selftest(names: string[], flags: SelftestFlags): Promise<void> {
  for (const name of names) checkDefect(name);
  for (const invariant of flags.withoutChecker ?? []) checkChecker(invariant);
  const chosen = defects.filter(({ name }) => names.length === 0 || names.includes(name));
  if (flags.list === true) {
    for (const { name, title, replaces } of chosen) console.log(`${name}: ${title} (system/${replaces})`);
    return;
  }
  const asked = parseLanes(flags.lanes);
  const tries = parseWholeNumber('--tries', flags.tries, { most: 99, example: 3 });
  const clock = systemClock;
  const resumed = flags.resume === undefined ? null : await folderToResume(flags.resume, 'selftest');
  if (resumed === null) await checkWritable(flags.out);
  using progress = showProgress(process.stderr, clock, flags.quiet === true);
  const plans = chosen.map((defect) => ({ defect, plan: planDefectCell(defect, flags.seed) }));
  const needs = plans.map(({ plan }) => needsOf(plan));
  await using session = await openHarnessSession(flags, clock, (line) => progress.note(line), needs);
  refuseUncaught(plans, session.provider);
  const folder = resumed ?? (await makeRunFolder(flags.out, new Date(clock.nowMs()), ['selftest'])).path;
  progress.note(`Seed ${flags.seed}, ${chosen.length} defects, results in ${folder}`);
  const outcomes = await runSelftest({
    ...session,
    defects: chosen,
    seed: flags.seed,
    lanes: lanesOn(session.provider, asked, true),
    tries,
    folder,
    clock,
    withoutCheckers: flags.withoutChecker ?? [],
    clean: flags.clean === true,
    progress: {
      stackStarted: progress.stackStarted,
      missedOnce: ({ defect, tries: tried, summary }) =>
        progress.note(`${defect}: missed at try ${tried} of ${tries}, ${summary}`),
      defectEnded: ({ defect, result, summary }, index, total) =>
        progress.note(`[${index + 1}/${total}] ${defect}: ${result}${summary === '' ? '' : `, ${summary}`}`),
    },
  });
  console.log(renderOutcomes(outcomes));
  process.exitCode = exitOfSelftest(outcomes);
}

/** A defect that could not be caught must not look like one that was missed. */
function refuseUncaught(
  plans: readonly { readonly defect: Defect; readonly plan: CellPlan }[],
  provider: StackProvider,
): void {
  const lacking = plans
    .map(({ defect, plan }) => ({ name: defect.name, missing: lackingFor(plan, offeredBy(provider)) }))
    .filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return;
  const missing = [...new Set(lacking.flatMap((each) => each.missing))].join(', ');
  throw new MissingPartError(
    `the ${provider.name} stack cannot do ${missing}, without which nothing shows ${lacking.map(({ name }) => name).join(', ')}`,
    'use --stack local, with its embedded Toxiproxy, or name the defects that are to be planted',
  );
}

function checkChecker(invariant: string): void {
  if (checkers.some((checker) => checker.invariant === invariant)) return;
  throw new UsageError(
    `--without-checker "${invariant}" does not exist`,
    `checkers: ${checkers.map((checker) => checker.invariant).join(', ')}`,
  );
}
