/** `redcliff explore`: a fault at every call that the operations of a scenario make. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { compareExplorations } from '../../reports/exploration/compare-explorations.ts';
import type { Exploration } from '../../reports/exploration/exploration.ts';
import { noveltyOf } from '../../reports/exploration/novelty.ts';
import { renderExploration } from '../../reports/exploration/render-text.ts';
import { systemClock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCodes, MissingPartError, UsageError } from '../errors.ts';
import { type Explored, exploreScenario } from '../explore/explore.ts';
import { type Kept, keptSchema } from '../explore/kept.ts';
import { readBaseline, saveBaseline } from '../explore/baseline.ts';
import { callFaultKinds, type CallFaultKind } from '../faults/at-call/call-parameters.ts';
import { seededRandom } from '../random.ts';
import { baselineFolder } from '../run/baselines.ts';
import { campaignFolder, type CampaignKind, OutcomeLog, runCampaign } from '../run/campaign.ts';
import { silentProgress } from '../run/cell-context.ts';
import { exitOf } from '../run/exit-status.ts';
import { chooseK6 } from '../run/k6-program.ts';
import { offeredBy, planningContext, scenarioNamed } from '../run/plan.ts';
import { checkWritable } from '../run/run-folder.ts';
import { describeRun } from '../run/surroundings.ts';
import { refuseAttached } from '../target/attached.ts';
import { loadTarget } from '../target/load-config.ts';
import { mutantNamed } from '../target/mutants.ts';
import { endRun } from './end-run.ts';
import { describeCommand } from './invocation.ts';
import {
  addStackOptions,
  addTargetOptions,
  checkSeed,
  k6Option,
  outOption,
  type StackFlags,
  type TargetFlags,
} from './options.ts';
import { openSession } from './session.ts';

interface ExploreFlags extends StackFlags, TargetFlags {
  readonly budget: string;
  readonly site?: string[];
  readonly inject?: string[];
  readonly novelty: string;
  readonly duration?: string;
  readonly untilViolated?: boolean;
  readonly seed?: string;
  readonly mutant?: string;
  readonly k6?: string;
  readonly out: string;
  readonly resume?: string;
  readonly saveBaseline?: boolean;
  readonly quiet?: boolean;
}

export function addExploreCommand(program: Command): void {
  const command = program
    .command('explore')
    .helpGroup('Run:')
    .description(
      'inject a fault at every call to a store, and list the calls that the target does not survive',
    )
    .argument('[scenario...]', 'names of scenarios (default: those of a run)')
    .option('--budget <time>', 'how long it may take, such as 10m', '10m')
    .option('--site <text...>', 'only calls whose name contains this: an operation, a role, a command, a key')
    .option('--inject <kind...>', `only these: ${callFaultKinds.join(', ')}`)
    .option(
      '--novelty <share>',
      'end when one more injection shows something new with at most this chance',
      '0',
    )
    .option('--duration <time>', 'length of each load (default: the scenario’s own, and 20s at least)')
    .option('--until-violated', 'end with the first violation')
    .option('--seed <text>', 'source of every random choice (default: a new one, printed)')
    .option('--mutant <name>', 'explore the target with this mutant; see redcliff list mutants')
    .option('--save-baseline', 'keep the result as the baseline of later explorations')
    .option('--resume <folder>', 'continue an interrupted exploration: what was tried is not tried again')
    .option(...k6Option)
    .option(...outOption)
    .option('--quiet', 'print only the result');
  addStackOptions(addTargetOptions(command)).action(explore);
}

const settingsSchema = z.strictObject({
  scenarios: z.array(z.string()).min(1),
  seed: z.string(),
  mutant: z.string().nullable(),
  sites: z.array(z.string()),
  kinds: z.array(z.enum(callFaultKinds)),
  durationMs: z.number().nullable(),
});
type Settings = z.infer<typeof settingsSchema>;

const exploreCampaign: CampaignKind<Settings> = {
  what: 'resumable exploration',
  command: 'redcliff explore',
  settings: settingsSchema,
};

async function explore(scenarios: string[], flags: ExploreFlags): Promise<void> {
  const clock = systemClock;
  const startedAt = new Date(clock.nowMs());
  const target = await loadTarget(flags, process.cwd());
  refuseAttached(target, 'explore');
  const context = planningContext(target);
  const budgetMs = parseDurationMs('--budget', flags.budget);
  const noveltyMax = parseShare(flags.novelty);
  const settings = (): Settings => {
    if (flags.mutant !== undefined) mutantNamed(target, flags.mutant);
    const chosen =
      scenarios.length > 0
        ? scenarios.map((name) => scenarioNamed(context, name))
        : target.scenarios.filter(({ byDefault }) => byDefault !== false);
    return {
      scenarios: chosen.map(({ name }) => name),
      seed: checkSeed(flags.seed ?? seededRandom(startedAt.getTime()).uuid().slice(0, 8)),
      mutant: flags.mutant ?? null,
      sites: flags.site ?? [],
      durationMs: flags.duration === undefined ? null : loadMs(flags.duration),
      kinds: (flags.inject ?? [...callFaultKinds]).map(parseKind),
    };
  };
  const k6 = await chooseK6(flags.k6, process.env);
  const asked = flags.resume === undefined ? settings() : null;
  await checkWritable(flags.out);
  await using session = await openSession({ flags, target, k6, needs: [['toxiproxy-extensions']], clock });
  const { host, display, note } = session;
  if (!offeredBy(host.provider).capabilities.has('toxiproxy-extensions')) {
    throw new MissingPartError(
      `no call can be addressed: the ${host.provider.name} stack has a Toxiproxy that knows no commands`,
      'use --toxiproxy embedded; the faults of redcliff run need no more than this Toxiproxy',
    );
  }
  const { folder, settings: chosen } = await campaignFolder(
    exploreCampaign,
    flags,
    'explore',
    clock,
    () => asked ?? settings(),
  );
  await mkdir(join(folder, 'cells'), { recursive: true });
  note(`Seed ${chosen.seed}, ${chosen.scenarios.join(', ')}, results in ${folder}`);
  const log = new OutcomeLog<Kept>(folder, keptSchema);
  const known = [...(await log.read()).values()];
  const startedMs = clock.nowMs();
  const endMs = clock.monotonicMs() + budgetMs;
  const command = describeCommand('explore', scenarios, flags, chosen.seed);
  let violated = false;
  const { outcomes, stack, cutShort } = await runCampaign<string, Explored>(host, {
    jobs: chosen.scenarios,
    idOf: (name) => name,
    workers: 1,
    seed: chosen.seed,
    folder,
    resume: `continue it with: redcliff explore --resume ${folder}`,
    stackStarted: (started) => display.stackStarted(started),
    run: async (name, worker, index) => {
      if (violated && flags.untilViolated === true) return notBegun(name);
      const shareMs = (endMs - clock.monotonicMs()) / (chosen.scenarios.length - index);
      const untilMs = clock.monotonicMs() + shareMs;
      const explored = await exploreScenario(worker, {
        context,
        scenario: scenarioNamed(context, name),
        seed: chosen.seed,
        mutant: chosen.mutant,
        folder,
        kinds: new Set(chosen.kinds),
        sites: chosen.sites,
        noveltyMax,
        durationMs: chosen.durationMs ?? undefined,
        untilViolated: flags.untilViolated === true,
        timeLeft: () => clock.monotonicMs() < untilMs,
        known: known.filter((kept) => (kept.kind === 'cell' ? kept.cell : kept.injection).scenario === name),
        keep: (job, kept) => log.add(job, kept),
        progress: () => silentProgress,
        note,
        clock,
      });
      violated ||= explored?.violated === true;
      return explored;
    },
  });
  if (stack === null) throw new UsageError('nothing to explore', 'name a scenario');
  const explored = outcomes.filter((outcome) => outcome !== undefined);
  const injections = explored.flatMap((one) => one.injections);
  const exploration: Exploration = {
    injections,
    notExplored: [
      ...explored.flatMap((one) => one.notExplored),
      ...Object.keys(target.needs ?? {}).map((name) => ({
        what: `calls to ${name}`,
        why: 'its protocol is not known; faults of its network are in redcliff run',
      })),
    ],
    novelty: noveltyOf(
      injections
        .filter(({ behaviour }) => behaviour !== '')
        .map(({ operation, behaviour }) => `${operation ?? ''} ${behaviour}`),
    ),
    ended: [...new Set(explored.map(({ ended }) => ended))].join('; '),
    seconds: Math.round((clock.nowMs() - startedMs) / 1_000),
  };
  const cells = explored.flatMap((one) => one.cells);
  const id = basename(folder);
  const described = { id, command, seed: chosen.seed, startedMs, endedMs: clock.nowMs(), target, k6 };
  const ran = await describeRun({ ...described, stack, cells });
  const baselines = baselineFolder(target);
  const baseline = await readBaseline(baselines, chosen.scenarios);
  const change = baseline === null ? null : compareExplorations(exploration, baseline);
  const report = {
    ...ran,
    comparison: null,
    exploration: { ...exploration, ...(change === null ? {} : { change }) },
    exit: exitOf(cells, (change?.worse.length ?? 0) > 0, cutShort),
  };
  await endRun(report, folder, {
    out: flags.out,
    text: renderExploration(report.exploration),
    reason: report.exit.code === exitCodes.held ? null : report.exit.reason,
    save: async () => {
      if (flags.saveBaseline === true) await saveBaseline(baselines, exploration);
    },
    note,
  });
}

/** Of a scenario that comes after the violation with which the exploration was to end. */
function notBegun(scenario: string): Explored {
  const ended = 'something was violated';
  const why = 'something was violated in a scenario before it';
  return { injections: [], cells: [], notExplored: [{ what: scenario, why }], violated: false, ended };
}

/** A shorter load has no room for an injection and the time around it. */
const loadLeastMs = 4_000;

function loadMs(text: string): number {
  const durationMs = parseDurationMs('--duration', text);
  if (durationMs >= loadLeastMs) return durationMs;
  throw new UsageError(
    `--duration must be at least ${loadLeastMs / 1_000} s, but is ${durationMs / 1_000} s`,
    'for example --duration 20s',
  );
}

function parseKind(name: string): CallFaultKind {
  const kind = callFaultKinds.find((candidate) => candidate === name);
  if (kind !== undefined) return kind;
  throw new UsageError(`--inject "${name}" does not exist`, `faults at a call: ${callFaultKinds.join(', ')}`);
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share < 1) return share;
  throw new UsageError(`--novelty "${text}" is not a share from 0 to 1`, 'for example --novelty 0.02');
}
