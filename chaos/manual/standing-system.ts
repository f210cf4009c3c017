/** The stack and the system of one scenario, kept up for whoever wants to use and to break them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import type { Clock } from '../clock.ts';
import { readHealth } from '../experiment/api-client.ts';
import type { CellPlan } from '../experiment/cell-plan.ts';
import { keepLogs } from '../experiment/run-folder.ts';
import type { RunContext } from '../experiment/run-context.ts';
import { prepareStack } from '../experiment/stack-use.ts';
import { startSystem, type SystemUnderTest } from '../experiment/system-under-test.ts';
import type { FaultContext } from '../faults/fault.ts';
import { openObserver } from '../observe/observer.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Warden } from '../process/warden.ts';
import type { Stack, StackProvider } from '../stack/contract.ts';
import type { Status } from './protocol.ts';

const processKinds = [
  'api',
  'auction-processor',
  'battle-processor',
  'db-sync',
  'tournament-processor',
  'turn-processor',
] as const;

export interface StandingOptions {
  readonly provider: StackProvider;
  /** Its scenario, world and settings; its load and timeline are not used. */
  readonly plan: CellPlan;
  readonly defect: string | null;
  /** Where the logs go. */
  readonly folder: string;
  readonly clock: Clock;
  readonly warden: Warden;
  readonly signal: AbortSignal;
}

export interface StandingSystem extends AsyncDisposable {
  readonly stack: Stack;
  readonly system: SystemUnderTest;
  readonly faultContext: FaultContext;
  readProcesses(): Status['processes'];
  readHealth(): Promise<Status['health']>;
}

export async function openStandingSystem(options: StandingOptions): Promise<StandingSystem> {
  const { warden, signal, clock, plan, folder, defect } = options;
  await using made = new AsyncDisposableStack();
  const stackFolder = made.use(await temporaryFolder(warden, 'stack'));
  const stack = made.use(await options.provider.start({ folder: stackFolder.path, seed: plan.seed, signal }));
  made.defer(() => keepLogs(stack, folder));
  const database = `redcliff_${plan.experiment.name}`;
  const observer = made.use(await openObserver(stack.endpoints, database));
  await prepareStack(stack, observer);
  await mkdir(join(folder, 'logs'), { recursive: true });
  const progress = { phase: () => undefined, applied: () => undefined, healed: () => undefined };
  const run: RunContext = { runFolder: folder, stack, warden, clock, signal, progress, k6: null, defect };
  const system = made.use(await startSystem(run, plan, database, folder));
  await system.seedWorld();
  const owned = made.move();
  const toxiproxy = new Toxiproxy(stack.endpoints.toxiproxyApi);
  const { processes } = system;
  return {
    stack,
    system,
    faultContext: { stack, toxiproxy, processes, observer, clock, signal },
    readProcesses: () =>
      processKinds
        .flatMap((kind) => processes.ofKind(kind))
        .map((process) => ({ name: process.name, running: process.running() })),
    readHealth: () => readHealth(system.apiUrls[0] ?? '', signal),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
