/** `redcliff up`, `down`, `fault`, `heal` and `status`: a target that stays up while faults are applied to it. */
import type { Command } from 'commander';
import { type Clock, systemClock } from '../clock.ts';
import { parseDurationMs } from '../duration.ts';
import { HarnessError, UsageError } from '../errors.ts';
import { type FaultBoard, openFaultBoard } from '../faults/board.ts';
import {
  announce,
  announcementLabel,
  chooseAnnouncement,
  findAnnouncements,
  isAlive,
  refuseTaken,
} from '../live/announcement.ts';
import { requestControl, startControlServer } from '../live/control.ts';
import { startLiveServer } from '../live/live-server.ts';
import {
  appliedSchema,
  endingSchema,
  healedAnswerSchema,
  type Status,
  statusSchema,
} from '../live/protocol.ts';
import { renderHealed, renderInForce, renderStatus, renderWelcome } from '../live/render-status.ts';
import { openStandingTarget, processStates, type StandingTarget, watchStanding } from '../live/standing.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { seededRandom } from '../random.ts';
import { noFault } from '../api/scenario.ts';
import { planCell, planningContext, scenarioNamed } from '../run/plan.ts';
import { checkWritable, makeRunFolder } from '../run/run-folder.ts';
import { addressesFor } from '../target/attached.ts';
import { loadTarget } from '../target/load-config.ts';
import { mutantNamed } from '../target/mutants.ts';
import {
  addStackOptions,
  addTargetOptions,
  checkSeed,
  outOption,
  parseWholeNumber,
  type StackFlags,
  type TargetFlags,
} from './options.ts';
import { openSession } from './session.ts';

const group = 'Environment:';

interface UpFlags extends StackFlags, TargetFlags {
  readonly name: string;
  readonly seed?: string;
  readonly mutant?: string;
  readonly probe: string;
  readonly out: string;
}

export function addEnvironmentCommands(program: Command): void {
  const upCommand = program
    .command('up')
    .helpGroup(group)
    .description(
      'start the stack and the target and keep them running, for your own client and redcliff fault',
    )
    .argument('[scenario]', 'scenario with the world, processes and settings to use (default: the first)')
    .option('--name <name>', 'name for the other commands, if several are up', 'redcliff')
    .option('--seed <text>', 'source of the world and of the parameters of faults')
    .option('--mutant <name>', 'run the target with this mutant')
    .option('--probe <number>', 'requests a second that give the live page latencies; 0 for none', '5')
    .option(...outOption);
  addStackOptions(addTargetOptions(upCommand)).action(up);
  const byName = ['--name <name>', 'which target, if several are up'] as const;
  program
    .command('fault')
    .helpGroup(group)
    .description('apply a fault to the target that is up')
    .argument('<fault>', 'such as redis-down; see redcliff list faults')
    .option('--for <time>', 'heal it after this time, such as 10s (default: until redcliff heal)')
    .option('--set <parameter=value...>', 'parameters of the fault, such as latencyMs=200')
    .option(...byName)
    .action(fault);
  program
    .command('heal')
    .helpGroup(group)
    .description('heal a fault, or all faults, of the target that is up')
    .argument('[fault]', 'all when none is named')
    .option(...byName)
    .action(heal);
  program
    .command('status')
    .helpGroup(group)
    .description('show what is up, which faults are in force and what effect they have had')
    .option(...byName)
    .option('--json', 'print JSON')
    .action(status);
  program
    .command('down')
    .helpGroup(group)
    .description('stop what redcliff up keeps running')
    .option(...byName)
    .action(down);
}

/** How often it is checked whether a part of the stack has ended by itself. */
const watchPeriodMs = 500;
const healedShown = 5;

async function up(asked: string | undefined, flags: UpFlags): Promise<void> {
  const clock = systemClock;
  const startedMs = clock.nowMs();
  const seed = checkSeed(flags.seed ?? seededRandom(startedMs).uuid().slice(0, 8));
  const context = planningContext(await loadTarget(flags, process.cwd()));
  const { target, faults } = context;
  const scenario = asked === undefined ? target.scenarios[0] : scenarioNamed(context, asked);
  if (scenario === undefined) throw new UsageError('the target has no scenario', 'add one to scenarios');
  if (flags.mutant !== undefined) mutantNamed(target, flags.mutant);
  const plan = planCell(context, scenario, noFault, { seed, mutant: flags.mutant ?? null });
  const probesPerSecond = parseWholeNumber('--probe', flags.probe, { least: 0, most: 999, example: 5 });
  const say = (line: string): void => console.log(line);
  refuseTaken(await findAnnouncements(say), flags.name);
  await checkWritable(flags.out);

  await using session = await openSession({ flags: { ...flags, quiet: true }, target, k6: null, needs: [] });
  const { host } = session;
  const ending = new AbortController();
  const signal = AbortSignal.any([host.signal, ending.signal]);
  const { path: folder } = await makeRunFolder(flags.out, new Date(startedMs), [`up-${scenario.name}`]);
  if (target.attach !== undefined)
    say(`Waiting for the attached target. Configure the service with ${addressesFor(target.attach)}`);
  await using standing = await openStandingTarget(host, plan, folder);
  const { running, stack } = standing;
  const { name } = flags;
  const about = { name, target: target.name, scenario: scenario.name, startedMs };
  await using watch = watchStanding({ running, name, scenario: scenario.name, probesPerSecond, clock });
  await using live = await startLiveServer({ clock, read: () => watch.read() });
  const board = openFaultBoard(faults, running.faultContext, seededRandom(seed).fork('board'), {
    applied: (applied, parameters) => {
      watch.listener.applied(applied, parameters);
      say(`${time(clock)} ${applied} applied ${JSON.stringify(parameters)}`);
    },
    healed: (record) => {
      watch.listener.healed(record);
      say(`${time(clock)} healed: ${renderHealed(record)}`);
    },
    failed: (failed, reason) => say(`${time(clock)} ${failed} could not be healed: ${reason}`),
  });
  await using server = await startControlServer({
    board,
    readStatus: () => readStatus(standing, board, clock, about),
    end: () => ending.abort(),
  });
  await using stateFolder = await temporaryFolder(host.reaper, announcementLabel);
  const { port, token } = server;
  const startedAt = new Date(startedMs).toISOString();
  await announce(stateFolder.path, { name, pid: process.pid, port, token, startedAt });
  say(renderWelcome({ name, urls: running.urls, stack, folder, liveUrl: live.url }));
  const gone = await untilEnded(standing, clock, signal);
  say('Ending: healing, stopping the target, stopping the stack');
  // A fault that cannot be healed ends with the stack.
  await board.heal(null).catch((error: unknown) => say(`Not healed: ${String(error)}`));
  if (gone !== null) throw new HarnessError(gone, 'see its log in the folder that was printed above');
}

/** Null when it was told to end, else the part that ended by itself. */
async function untilEnded(
  { stack, running }: StandingTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | null> {
  let exitsTold = 0;
  while (!signal.aborted) {
    await clock.sleep(watchPeriodMs, signal).catch(() => undefined);
    const exits = running.unexpectedExits();
    for (const exit of exits.slice(exitsTold)) console.log(`${time(clock)} ${exit}`);
    exitsTold = exits.length;
    const [gone] = stack.unexpectedExits();
    if (gone !== undefined) return `${gone.part} of the stack ended by itself: ${gone.detail}`;
  }
  return null;
}

async function readStatus(
  { running }: StandingTarget,
  board: FaultBoard,
  clock: Clock,
  about: Pick<Status, 'name' | 'scenario' | 'startedMs' | 'target'>,
): Promise<Status> {
  const [health, inForce] = await Promise.all([running.health(), board.inForce()]);
  return {
    ...about,
    pid: process.pid,
    nowMs: clock.nowMs(),
    urls: Object.fromEntries(Object.entries(running.urls).map(([role, urls]) => [role, [...urls]])),
    processes: processStates(running),
    exits: [...running.unexpectedExits()],
    health: health === null ? null : { well: health.well, gauges: { ...health.gauges } },
    inForce: inForce.map((applied) => ({
      ...applied,
      parameters: { ...applied.parameters },
      effect: { ...applied.effect, measures: { ...applied.effect.measures } },
    })),
    healed: board.healed().slice(-healedShown),
  };
}

function time(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString().slice(11, 19);
}

interface NameFlags {
  readonly name?: string;
}

async function chosen(flags: NameFlags) {
  return chooseAnnouncement(await findAnnouncements((line) => console.error(line)), flags.name);
}

async function fault(
  name: string,
  flags: NameFlags & { readonly for?: string; readonly set?: string[] },
): Promise<void> {
  const forMs = flags.for === undefined ? null : parseDurationMs('--for', flags.for);
  const parameters = Object.fromEntries((flags.set ?? []).map(parseParameter));
  const body = { fault: name, forMs, parameters };
  const { inForce } = await requestControl(await chosen(flags), '/fault', appliedSchema, body);
  console.log(renderInForce(inForce, systemClock.nowMs()));
}

/** A value is parsed as JSON, and is text when that fails. */
function parseParameter(text: string): [name: string, value: unknown] {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new UsageError(`--set "${text}" must be PARAMETER=VALUE`, 'for example --set latencyMs=200');
  const value = text.slice(equals + 1);
  try {
    return [text.slice(0, equals), JSON.parse(value)];
  } catch {
    return [text.slice(0, equals), value];
  }
}

async function heal(name: string | undefined, flags: NameFlags): Promise<void> {
  const body = { fault: name ?? null };
  const { healed } = await requestControl(await chosen(flags), '/heal', healedAnswerSchema, body);
  if (healed.length === 0) console.log('No fault was in force');
  for (const record of healed) console.log(`healed ${renderHealed(record)}`);
}

async function status(flags: NameFlags & { readonly json?: boolean }): Promise<void> {
  const state = await requestControl(await chosen(flags), '/status', statusSchema);
  console.log(flags.json === true ? JSON.stringify(state, null, 1) : renderStatus(state));
}

/** Stopping a target, a stack and the reaper takes a few seconds. */
const endDeadlineMs = 30_000;
const pollMs = 100;

async function down(flags: NameFlags): Promise<void> {
  const announcement = await chosen(flags);
  await requestControl(announcement, '/down', endingSchema);
  const deadlineMs = systemClock.monotonicMs() + endDeadlineMs;
  while (systemClock.monotonicMs() < deadlineMs) {
    if (!isAlive(announcement.pid)) {
      console.log(`"${announcement.name}" has ended`);
      return;
    }
    await systemClock.sleep(pollMs);
  }
  throw new HarnessError(
    `"${announcement.name}" did not end within ${endDeadlineMs / 1_000} s`,
    `end its process ${announcement.pid}; its reaper cleans up after it`,
  );
}
