/** `redcliff reproduce --simulate`: a cell that `redcliff simulate` kept runs again in the simulation, or is shrunk there. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cell } from '../../reports/record/report.ts';
import { cellName } from '../../reports/render/headline.ts';
import { systemClock } from '../clock.ts';
import { exitCodes, HarnessError, UsageError } from '../errors.ts';
import type { CellPlan, PlanningContext } from '../run/plan.ts';
import { planOf, writePlanFile } from '../run/plan-file.ts';
import type { RecordedFailure } from '../run/reproduce.ts';
import { checkWritable, makeRunFolder } from '../run/run-folder.ts';
import { shrinkFailure } from '../run/shrink-failure.ts';
import { explain, seenIn, symptomsOf, symptomText } from '../run/symptom.ts';
import { invocation } from '../setup/own-files.mjs';
import { CellThread, jobOf } from '../simulate/campaign.ts';
import { keepCell, type KeptCell, readKeptCell } from '../simulate/kept-cell.ts';
import type { SimulatedCell } from '../simulate/outcome.ts';
import { refuseUnsimulatable } from '../simulate/simulatable.ts';

export interface SimulatedReproduction {
  /** Folder of the cell. */
  readonly address: string;
  readonly shrink: boolean;
  readonly out: string;
  /** Also takes the shrunk plan. */
  readonly write: string | undefined;
  readonly times: number;
  /** Of the search. */
  readonly maxRuns: number;
  note(line: string): void;
}

export interface SimulatedFailure {
  /** What to run on the real stack: the cell, or the shrunk one. Null when it did not fail. */
  readonly failure: RecordedFailure | null;
  readonly folder: string;
}

/** Sets the exit status: 1 when it fails again, 2 when it does not, 70 when the trace differs although the plan is the same. */
export async function reproduceSimulated(
  context: PlanningContext,
  options: SimulatedReproduction,
): Promise<SimulatedFailure> {
  refuseUnsimulatable(context.target);
  const kept = await readKeptCell(options.address, context);
  if (symptomsOf(kept.cell).length === 0)
    throw new UsageError(
      `nothing was violated in ${cellName(kept.cell)} of "${options.address}"`,
      'give the folder of a cell that redcliff simulate told as violated',
    );
  await checkWritable(options.out);
  const label = `${options.shrink ? 'shrink' : 'reproduce'}-simulated-${kept.plan.scenario}`;
  const { path: folder } = await makeRunFolder(options.out, new Date(systemClock.nowMs()), [label]);
  await using thread = new CellThread();
  const simulate = (plan: CellPlan, name: string): Promise<SimulatedCell> =>
    thread.run(jobOf(context.target, plan, join(folder, name)));
  const failure = await (options.shrink ? shrinkKept : runKept)(context, options, kept, folder, simulate);
  return { failure, folder };
}

type Simulate = (plan: CellPlan, name: string) => Promise<SimulatedCell>;

async function runKept(
  context: PlanningContext,
  { times }: SimulatedReproduction,
  { plan, cell, hash }: KeptCell,
  folder: string,
  simulate: Simulate,
): Promise<RecordedFailure | null> {
  const symptoms = symptomsOf(cell);
  let violated = 0;
  let same = 0;
  for (let run = 1; run <= times; run += 1) {
    // One thread simulates one cell after the other.
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await simulate(planOf(context, plan), `run-${run}`);
    const again = cellOf(outcome);
    const seen = symptoms.filter((symptom) => seenIn(again, symptom) === 'violated');
    if (seen.length === symptoms.length) violated += 1;
    if (outcome.hash === hash) same += 1;
    const trace = outcome.hash === hash ? 'the same trace' : `another trace, ${outcome.hash}`;
    for (const symptom of symptoms) {
      const word = seen.includes(symptom) ? 'violated again' : 'not violated';
      console.log(
        `${cellName(cell)}, run ${run} of ${times}: ${symptomText(symptom)} ${word}, ${trace}: ${explain(again, symptom)}`,
      );
    }
  }
  console.log(`Violated again in ${violated} of ${times} runs, the same trace in ${same} of ${times}`);
  console.log(`Files of the runs: ${folder}`);
  if (same < times)
    console.log(
      'The trace differs from the recorded one: the code, a package or Node.js is another, or something does not come from the seed (simulate --twice tells which)',
    );
  process.exitCode = same < times ? exitCodes.harness : violated > 0 ? exitCodes.violated : exitCodes.unknown;
  return violated > 0 ? { cell, symptoms } : null;
}

/** About the first symptom. One run answers for a candidate: another would be the same. */
async function shrinkKept(
  context: PlanningContext,
  { write, maxRuns, note }: SimulatedReproduction,
  { plan: original, cell }: KeptCell,
  folder: string,
  simulate: Simulate,
): Promise<RecordedFailure | null> {
  const [symptom] = symptomsOf(cell);
  if (symptom === undefined) return null;
  const name = `${symptomText(symptom)} of ${original.scenario} × ${original.label}`;
  note(`Shrinking ${name} in the simulation`);
  const shrunk = await shrinkFailure({
    settings: { original, symptom, repeats: 1, needed: 1 },
    context,
    folder,
    run: async (plan, label) => cellOf(await simulate(plan, label)),
    maxRuns,
    note,
  });
  if (shrunk === null) {
    console.log(`${name} did not show again: there is nothing to shrink`);
    process.exitCode = exitCodes.unknown;
    return null;
  }
  const { plan } = shrunk;
  const label = 'shrunk';
  const outcome = await simulate(planOf(context, plan), label);
  const smallest = cellOf(outcome);
  await keepCell(join(folder, label), plan, outcome.hash);
  const file = join(folder, `${plan.scenario}-${symptom.name.replaceAll(/[^\w-]/g, '-')}.plan.json`);
  await writePlanFile(file, plan);
  if (write !== undefined) await copyFile(file, write);
  const fails = seenIn(smallest, symptom) === 'violated';
  console.log(plan.title);
  for (const fault of plan.timeline) console.log(`  ${JSON.stringify(fault)}`);
  console.log(
    `  load ${JSON.stringify(plan.load)}, processes ${JSON.stringify(plan.processes)}, world ${JSON.stringify(plan.world)}`,
  );
  console.log(
    `${fails ? 'Fails' : 'Does not fail'} in the simulation with trace ${outcome.hash}${shrunk.cutShort ? '; the search was ended by --max-runs' : ''}`,
  );
  console.log(`Simulate it with: ${invocation} reproduce ${join(folder, label)} --simulate`);
  console.log(`Run it with: ${invocation} run --plan ${write ?? file}`);
  process.exitCode = fails ? exitCodes.violated : exitCodes.unknown;
  return fails ? { cell: smallest, symptoms: [symptom] } : null;
}

/** Throws HarnessError when the simulation could not go on. */
function cellOf({ cell, problem }: SimulatedCell): Cell {
  if (cell !== null) return cell;
  throw new HarnessError(
    `the simulated harness failed: ${problem ?? 'it left no record'}`,
    'simulate the plan by itself',
  );
}
