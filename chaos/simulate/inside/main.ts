/**
 * The harness inside of a simulation: starts the emulators as a stack, runs one cell as `redcliff run` does, and leaves its record in a file.
 * It runs only as a program of the simulation.
 */
import '../../disposable-stacks.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { systemClock } from '../../clock.ts';
import { RedcliffError } from '../../errors.ts';
import type { Reaper } from '../../process/reaper.ts';
import { runCell } from '../../run/cell.ts';
import { silentProgress } from '../../run/cell-context.ts';
import { planningContext } from '../../run/plan.ts';
import { planOf } from '../../run/plan-file.ts';
import { ownModule } from '../../setup/own-files.mjs';
import { type Programs, startLocalStack } from '../../stack/local-provider.ts';
import type { Program } from '../../stack/programs.ts';
import { loadTarget } from '../../target/load-config.ts';
import { cellFileName, jobSchema, type SimulationJob } from './job.ts';

/** Processes of a simulation end with it. */
const reaper: Reaper = {
  runId: 'simulation',
  pid: process.pid,
  environment: {},
  lost: new AbortController().signal,
  watchGroup: () => ({ [Symbol.dispose]: () => undefined }),
  watchFolder: () => ({ [Symbol.dispose]: () => undefined }),
  killEverything: () => undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

async function main(job: SimulationJob): Promise<void> {
  const target = await loadTarget({ config: job.configFile, target: job.target }, process.cwd());
  const plan = planOf(planningContext(target), job.plan);
  const { signal } = new AbortController();
  const stackFolder = join(job.folder, 'stack');
  await mkdir(stackFolder, { recursive: true });
  const stack = await startLocalStack(programs, reaper, systemClock, {
    folder: stackFolder,
    seed: plan.seed,
    signal,
  });
  const cell = await runCell(
    {
      // Processes share the modules of Node, so nothing may be changed in them; and nothing is outside of the virtual network.
      target: { ...target, tieRequests: false, network: 'open' },
      stack,
      reaper,
      clock: systemClock,
      signal,
      k6: null,
      workers: 1,
      progress: silentProgress,
    },
    plan,
    job.folder,
  );
  await writeFile(join(job.folder, cellFileName), `${JSON.stringify(cell)}\n`);
}

/** What they draw at random comes from their process numbers and the virtual time, and so from the seed, anew after a restart. */
const programs: Programs = {
  redis: emulator('redis', '../../emulators/redis/main'),
  mongo: emulator('mongod', '../../emulators/mongodb/main'),
  toxiproxy: emulator('toxiproxy', '../../emulators/toxiproxy/main'),
};

function emulator(name: string, entry: string): Program {
  const path = fileURLToPath(ownModule(entry, import.meta.url));
  return {
    kind: 'embedded',
    command: process.execPath,
    args: [path],
    environment: {},
    label: `redcliff ${name}`,
    source: 'the simulation',
  };
}

try {
  await main(jobSchema.parse(JSON.parse(process.argv[2] ?? '')));
  process.exit(0);
} catch (error) {
  const hint = error instanceof RedcliffError ? `\nhint: ${error.hint}` : '';
  process.stderr.write(`${inspect(error)}${hint}\n`);
  process.exit(1);
}
