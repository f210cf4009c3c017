/** The system under test as the harness runs it: its processes, each of which can be killed and started again, and its seeded world. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { defectArguments } from '../defects/load.ts';
import { describeExit, spawnSupervised, type RunningProcess } from '../process/supervised-process.ts';
import { parseJson } from '../parse-json.ts';
import { post } from './api-client.ts';
import type { CellPlan } from './cell-plan.ts';
import type { RunContext } from './run-context.ts';
import { systemSettings } from './system-settings.ts';

export type ProcessKind =
  | 'api'
  | 'auction-processor'
  | 'battle-processor'
  | 'db-sync'
  | 'tournament-processor'
  | 'turn-processor';

/** One process of the system; its name is also its INSTANCE_ID. */
export interface SystemProcess {
  readonly name: string;
  readonly kind: ProcessKind;
  running(): boolean;
  /**
   * Starts it as its supervisor would: the same name, port and settings, and these further arguments for Node. Resolves when
   * it is ready.
   */
  start(nodeArguments?: readonly string[]): Promise<void>;
  /** SIGSTOP: it holds what it holds and does nothing, until `resume`. */
  pause(): void;
  resume(): void;
  /** Any other signal; none to a process that is not running. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL when it does not end in time. */
  stop(): Promise<void>;
}

export interface SystemProcesses {
  ofKind(kind: ProcessKind): readonly SystemProcess[];
  find(name: string): SystemProcess | undefined;
}

export interface SystemUnderTest extends AsyncDisposable {
  readonly apiUrls: readonly string[];
  readonly sessionIds: readonly string[];
  readonly processes: SystemProcesses;
  seedWorld(): Promise<void>;
  /** Processes that ended without having been told to, with the end of their log. */
  unexpectedExits(): readonly string[];
}

/** Within the folder of the system. */
export const entries: Record<ProcessKind, string> = {
  api: 'api/main.ts',
  'auction-processor': 'daemons/auction-processor/main.ts',
  'battle-processor': 'daemons/battle-processor/main.ts',
  'db-sync': 'daemons/db-sync/main.ts',
  'tournament-processor': 'daemons/tournament-processor/main.ts',
  'turn-processor': 'daemons/turn-processor/main.ts',
};
const ownSystem = fileURLToPath(new URL('../../system/', import.meta.url));
const readyDeadlineMs = 20_000;
const stopGraceMs = 5_000;
const readyLine = z.object({ msg: z.literal('ready'), port: z.int().optional() });

export async function startSystem(
  run: RunContext,
  plan: CellPlan,
  database: string,
  folder: string,
): Promise<SystemUnderTest> {
  const { processes: counts, settings } = plan.experiment;
  const environment = {
    ...systemSettings,
    ...settings,
    REDIS_URL: run.stack.endpoints.redis.proxied,
    MONGODB_URI: run.stack.endpoints.mongo.proxied,
    MONGODB_DATABASE: database,
    HOST: '127.0.0.1',
  };
  const kinds: [ProcessKind, number][] = [
    ['api', counts.api],
    ['auction-processor', counts.auctionProcessor ?? 0],
    ['battle-processor', counts.battleProcessor ?? 0],
    ['db-sync', counts.dbSync],
    ['tournament-processor', counts.tournamentProcessor ?? 0],
    ['turn-processor', counts.turnProcessor],
  ];
  const exits: string[] = [];
  const processes = kinds.flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) =>
      controlledProcess(run, kind, `${kind}-${index + 1}`, environment, folder, exits),
    ),
  );
  const sessionIds = Array.from(
    { length: plan.experiment.world.sessions },
    (_, index) => `s${index + 1}-${plan.experiment.name}-${plan.outage}`,
  );
  const stopAll = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.stop()));
  };
  const apis = processes.filter((process) => process.kind === 'api');
  try {
    // Each makes the indexes if they are not there yet, as a real deployment would that starts at once.
    await Promise.all(processes.map((process) => process.start()));
  } catch (error) {
    await stopAll();
    throw error;
  }
  const apiUrls = apis.map((api) => api.url());
  return {
    apiUrls,
    sessionIds,
    processes: {
      ofKind: (kind) => processes.filter((process) => process.kind === kind),
      find: (name) => processes.find((process) => process.name === name),
    },
    seedWorld: () => seedWorld(apiUrls[0] ?? '', sessionIds, plan, run.signal),
    unexpectedExits: () => exits,
    [Symbol.asyncDispose]: stopAll,
  };
}

interface ControlledProcess extends SystemProcess {
  url(): string;
}

function controlledProcess(
  run: RunContext,
  kind: ProcessKind,
  name: string,
  environment: Readonly<Record<string, string>>,
  folder: string,
  exits: string[],
): ControlledProcess {
  let current: RunningProcess | null = null;
  // 0 asks for any free port; a process that is started again keeps the port it had.
  let port = 0;
  return {
    name,
    kind,
    url: () => `http://127.0.0.1:${port}`,
    running: () => current !== null,
    start: async (nodeArguments = []) => {
      const started = await spawnSupervised({
        name,
        command: process.execPath,
        args: [
          ...defectArguments(run.defect),
          ...nodeArguments,
          join(run.systemFolder ?? ownSystem, entries[kind]),
        ],
        env: { ...environment, INSTANCE_ID: name, PORT: String(port) },
        logFile: join(folder, 'logs', `${name}.log`),
        ready: { kind: 'line', matches: (line) => readyLine.safeParse(parseJson(line)).success },
        readyDeadlineMs,
        stopGraceMs,
        signal: run.signal,
        warden: run.warden,
        onUnexpectedExit: (exit) => exits.push(`${name} ended by itself with ${describeExit(exit)}`),
      });
      port = readyLine.parse(parseJson(started.readyLine ?? '')).port ?? port;
      current = started;
    },
    pause: () => current?.pause(),
    resume: () => current?.resume(),
    signal: (signal) => current?.signal(signal),
    kill: async () => {
      const victim = current;
      current = null;
      await victim?.kill();
    },
    stop: async () => {
      const ending = current;
      current = null;
      await ending?.stop();
    },
  };
}

async function seedWorld(
  apiUrl: string,
  sessionIds: readonly string[],
  plan: CellPlan,
  signal: AbortSignal,
): Promise<void> {
  const { sessions: _, ...sizes } = plan.experiment.world;
  for (const sessionId of sessionIds) {
    const body = { sessionId, seed: plan.seed, ...sizes };
    const answer = await post(`${apiUrl}/api/admin/sessions`, body, `seed-${sessionId}`, signal);
    if (answer.status !== 201) {
      throw new HarnessError(
        `the world of session ${sessionId} could not be made: ${answer.status} ${JSON.stringify(answer.body)}`,
        'the log of the API is in the folder of the cell',
      );
    }
  }
}
