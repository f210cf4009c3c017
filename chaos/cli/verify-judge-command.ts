/** `redcliff verify judge`: cases with a known verdict, or how much of a valid record can change unnoticed. */
import type { Command } from 'commander';
import { exitCodes, UsageError } from '../errors.ts';
import { loadTarget } from '../target/load-config.ts';
import { exitOfCases, judgeCase, renderCases } from '../verify/judge-cases.ts';
import { mutate, renderMutations, shareNoticed } from '../verify/judge-mutations.ts';
import { addTargetOptions, parseWholeNumber, type TargetFlags } from './options.ts';
import { invariantsOf } from '../target/invariants.ts';

interface JudgeFlags extends TargetFlags {
  readonly records: string;
  readonly samples: string;
  readonly seed: string;
}

const shareMin = 0.99;

export function addJudge(verify: Command): void {
  const command = verify
    .command('judge')
    .description(
      'judge cases whose verdict is known; without files, say which changes of valid records no invariant notices',
    )
    .argument('[file...]', 'JSON files with invariant, wanted, history and evidence')
    .option('--records <n>', 'without files: valid records that are changed', '3')
    .option('--samples <n>', 'without files: changes of each place of each record', '3')
    .option('--seed <text>', 'without files: source of every random choice', 'judge');
  addTargetOptions(command).action(judge);
}

async function judge(files: string[], flags: JudgeFlags): Promise<void> {
  const target = await loadTarget(flags, process.cwd());
  const checkers = [...invariantsOf(target).values()];
  if (files.length > 0) {
    const cases = await Promise.all(files.map((file) => judgeCase(file, checkers)));
    console.log(renderCases(cases));
    process.exitCode = exitOfCases(cases);
    return;
  }
  const { simulate, notJudged = {} } = target;
  if (simulate === undefined)
    throw new UsageError(
      `the target ${target.name} has no valid records`,
      'give its definition a simulate function, or name files with cases',
    );
  const count = parseWholeNumber('--records', flags.records, { most: 999, example: 3 });
  const samples = parseWholeNumber('--samples', flags.samples, { most: 99, example: 3 });
  const records = Array.from({ length: count }, (_, index) => simulate(`${flags.seed} ${index}`));
  const tallies = mutate({ records, checkers, notJudged, samples, seed: flags.seed });
  console.log(renderMutations(tallies));
  const share = shareNoticed(tallies);
  process.exitCode = share !== null && share >= shareMin ? exitCodes.held : exitCodes.violated;
}
