/** `redcliff up`: stack and system stay up, to be used by any client and broken by hand, until Ctrl-C or `redcliff down`. */
import type { Command } from 'commander';
import { type Clock, systemClock } from '../clock.ts';
import { checkDefect } from '../defects/load.ts';
import { HarnessError } from '../errors.ts';
import { type CellPlan, planCells } from '../experiment/cell-plan.ts';
import { adminToken } from '../experiment/system-settings.ts';
import { noOutage } from '../faults/registry.ts';
import { startLiveServer } from '../live/live-server.ts';
import { announce, announcementLabel, findAnnouncements, refuseTaken } from '../manual/announcement.ts';
import { startControlServer } from '../manual/control-server.ts';
import { type FaultBoard, openFaultBoard } from '../manual/fault-board.ts';
import type { Status } from '../manual/protocol.ts';
import { renderHealed } from '../manual/render-status.ts';
import { openStandingSystem, type StandingSystem } from '../manual/standing-system.ts';
import { watchStanding } from '../manual/watch-standing.ts';
import { renderWelcome } from '../manual/welcome.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { seededRandom } from '../random.ts';
import { openHarnessSession } from './harness-session.ts';
import { checkWritable, makeRunFolder } from './output-folder.ts';
import { addStackOptions, type StackFlags } from './stack-options.ts';
import { parseWholeNumber } from './whole-number.ts';

interface UpFlags extends StackFlags {
  readonly name: string;
  readonly seed?: string;
  readonly defect?: string;
  readonly probe: string;
  readonly out: string;
}

const healedShown = 5;
/** How often it is looked whether a server of the stack has ended by itself. */
const watchPeriodMs = 500;

export function addUpCommand(program: Command): void {
  const command = program
    .command('up')
    .description('keep stack and system up, to be used by any client and broken by hand')
    .argument('[scenario]', 'whose world, processes and settings it has', 'turns')
    .option('--name <name>', 'what the other commands call it, when several are up', 'redcliff')
    .option('--seed <text>', 'what the world and the parameters of faults are drawn from')
    .option('--defect <name>', 'plant a defect in the system')
    .option('--probe <number>', 'reads a second that the live page shows the system by; 0 for none', '5')
    .option('--out <folder>', 'where the folder with the logs is made', 'reports/runs');
  addStackOptions(command).action(up);
}

async function up(scenario: string, flags: UpFlags): Promise<void> {
  const clock = systemClock;
  const startedMs = clock.nowMs();
  const seed = flags.seed ?? seededRandom(startedMs).uuid().slice(0, 8);
  const plan = planOf(scenario, seed);
  if (flags.defect !== undefined) checkDefect(flags.defect);
  const probesPerSecond = parseWholeNumber('--probe', flags.probe, { least: 0, most: 999, example: 5 });
  const say = (line: string): void => console.log(line);
  refuseTaken(await findAnnouncements(say), flags.name);
  await checkWritable(flags.out);

  await using session = await openHarnessSession(flags, clock, say);
  const { warden, provider } = session;
  const down = new AbortController();
  const signal = AbortSignal.any([session.signal, down.signal]);
  const { path: folder } = await makeRunFolder(flags.out, new Date(startedMs), [`up-${scenario}`]);
  const defect = flags.defect ?? null;
  await using standing = await openStandingSystem({
    provider,
    plan,
    defect,
    folder,
    clock,
    warden,
    signal: session.signal,
  });
  const { name } = flags;
  await using watch = watchStanding({ standing, name, scenario, probesPerSecond, clock });
  await using live = await startLiveServer({ clock, read: () => watch.read() });
  const board = openFaultBoard(standing.faultContext, seededRandom(seed).fork('by hand'), {
    applied: (fault, parameters) => {
      watch.listener.applied(fault, parameters);
      say(`${time(clock)} ${fault} applied ${JSON.stringify(parameters)}`);
    },
    healed: (record) => {
      watch.listener.healed(record);
      say(`${time(clock)} healed: ${renderHealed(record)}`);
    },
    failed: (fault, reason) => say(`${time(clock)} ${fault} could not be healed: ${reason}`),
  });
  const about = { name, scenario, startedMs };
  await using server = await startControlServer({
    board,
    readStatus: () => readStatus(standing, board, clock, about),
    end: () => down.abort(),
  });
  await using stateFolder = await temporaryFolder(warden, announcementLabel);
  const { port, token } = server;
  const startedAt = new Date(startedMs).toISOString();
  await announce(stateFolder.path, { name, pid: process.pid, port, token, startedAt });
  say(renderWelcome({ name, standing, adminToken, folder, liveUrl: live.url }));
  const gone = await untilEnded(standing, clock, signal);
  say('Ending: healing, stopping the system, stopping the stack');
  // What cannot be healed any more ends with the stack.
  await board.heal(null).catch((error: unknown) => say(`Not healed: ${String(error)}`));
  if (gone !== null) throw new HarnessError(gone, 'its log is in the folder named above');
}

function planOf(scenario: string, seed: string): CellPlan {
  const [plan] = planCells({ scenarios: [scenario], outages: [noOutage], seed, durationMs: undefined });
  if (plan === undefined) throw new HarnessError(`${scenario} has no plan`, 'please report it');
  return plan;
}

/** Null when it was asked to end; otherwise what has ended by itself. */
async function untilEnded(
  { stack, system }: StandingSystem,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | null> {
  let exitsTold = 0;
  while (!signal.aborted) {
    await clock.sleep(watchPeriodMs, signal).catch(() => undefined);
    const exits = system.unexpectedExits();
    for (const exit of exits.slice(exitsTold)) console.log(`${time(clock)} ${exit}`);
    exitsTold = exits.length;
    const [gone] = stack.unexpectedExits();
    if (gone !== undefined) return `${gone.part} of the stack ended by itself: ${gone.detail}`;
  }
  return null;
}

async function readStatus(
  standing: StandingSystem,
  board: FaultBoard,
  clock: Clock,
  about: Pick<Status, 'name' | 'scenario' | 'startedMs'>,
): Promise<Status> {
  const [health, inForce] = await Promise.all([standing.readHealth(), board.inForce()]);
  return {
    ...about,
    pid: process.pid,
    nowMs: clock.nowMs(),
    apiUrls: [...standing.system.apiUrls],
    processes: standing.readProcesses(),
    exits: [...standing.system.unexpectedExits()],
    health,
    inForce: inForce.map((fault) => ({
      ...fault,
      parameters: { ...fault.parameters },
      effect: { ...fault.effect, measures: { ...fault.effect.measures } },
    })),
    healed: board.healed().slice(-healedShown),
  };
}

function time(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString().slice(11, 19);
}
