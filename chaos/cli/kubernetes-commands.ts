/** `redcliff k6-manifest` and `k6-results`: the load of a scenario on many machines by the k6 operator, and what came of it. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { Experiment } from '../../scenarios/experiment.ts';
import { experiments } from '../../scenarios/registry.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { clientPatienceMs } from '../experiment/system-settings.ts';
import { imageOf } from '../stack/docker/images.ts';
import { renderLoadFigures } from '../stack/kubernetes/load-figures.ts';
import { takeInLogs } from '../stack/kubernetes/runner-logs.ts';
import { scriptFiles } from '../stack/kubernetes/script-files.ts';
import { renderTestRun } from '../stack/kubernetes/test-run.ts';
import { parseDurationMs } from './duration.ts';
import { parseWholeNumber } from './whole-number.ts';

interface ManifestFlags {
  readonly apiUrl: string[];
  readonly session: string[];
  readonly parallelism: string;
  readonly rate?: string;
  readonly maxVus?: string;
  readonly duration: string;
  readonly seed: string;
  readonly name?: string;
  readonly namespace: string;
  readonly image?: string;
}

const scenariosFolder = path.join(import.meta.dirname, '..', '..', 'scenarios');

export function addKubernetesCommands(program: Command): void {
  program
    .command('k6-manifest')
    .description('print what kubectl applies to run the load of a scenario by the k6 operator')
    .argument('<scenario>', experiments.map(({ name }) => name).join(', '))
    .requiredOption('--api-url <url...>', 'API of the system, as the cluster reaches it')
    .requiredOption('--session <id...>', 'worlds that are there already, of the size of the scenario')
    .option('--parallelism <number>', 'runners, each on a machine of its own', '4')
    .option('--rate <number>', 'arrivals a second, of all runners together (default: the scenario’s own)')
    .option('--max-vus <number>', 'clients of all runners together (default: the scenario’s own)')
    .option('--duration <time>', 'of the load', '60s')
    .option('--seed <text>', 'what every random choice is drawn from', 'kubernetes')
    .option('--name <name>', 'of the test run (default: redcliff-SCENARIO)')
    .option('--namespace <name>', 'where it is made', 'default')
    .option('--image <name>', 'of k6 (default: the pinned one, or REDCLIFF_K6_IMAGE)')
    .action((scenario: string, flags: ManifestFlags) => {
      process.stdout.write(renderManifest(scenario, flags));
    });
  program
    .command('k6-results')
    .description('take in the logs of the runners of a test run: one history, and its figures')
    .argument('<log...>', 'the whole log of each runner, a file each')
    .option('--out <file>', 'where the history goes')
    .action(takeIn);
}

function renderManifest(scenario: string, flags: ManifestFlags): string {
  const experiment = experiments.find(({ name }) => name === scenario);
  if (experiment === undefined) {
    throw new UsageError(
      `scenario "${scenario}" is not known`,
      `use one of ${experiments.map(({ name }) => name).join(', ')}`,
    );
  }
  if ((experiment.world.items ?? 0) > 0) {
    throw new UsageError(
      `scenario "${scenario}" has to know who owns which item, which only a run of the harness reads`,
      'take another one, or run it with redcliff run --k6',
    );
  }
  for (const url of flags.apiUrl) {
    if (!URL.canParse(url) || !/^https?:\/\/.*[^/]$/.test(url))
      throw new UsageError(
        `--api-url "${url}" is no address without a slash at its end`,
        'such as http://api:3000',
      );
  }
  return renderTestRun({
    name: flags.name ?? `redcliff-${scenario}`,
    namespace: flags.namespace,
    image: flags.image ?? imageOf('k6', process.env),
    parallelism: parseWholeNumber('--parallelism', flags.parallelism, { example: 4 }),
    script: experiment.script,
    files: scriptFiles(scenariosFolder, experiment.script),
    variables: variablesOf(experiment, flags),
  });
}

/** The same names that a run of the harness gives, see `scenarios/client/settings.ts`. */
function variablesOf(
  { world, load, unavailableShareMax }: Experiment,
  flags: ManifestFlags,
): Record<string, string> {
  const rate =
    flags.rate === undefined ? load.ratePerSecond : parseWholeNumber('--rate', flags.rate, { example: 4 });
  const maxVus =
    flags.maxVus === undefined ? load.maxVus : parseWholeNumber('--max-vus', flags.maxVus, { example: 4 });
  return {
    API_URLS: flags.apiUrl.join(','),
    SESSION_IDS: flags.session.join(','),
    GENERALS: String(world.generals),
    CITIES: String(world.cities),
    NATIONS: String(world.nations),
    BATTLES: String(world.battles ?? 0),
    TOURNAMENTS: String(world.tournaments ?? 0),
    SEED: flags.seed,
    DURATION_MS: String(parseDurationMs('--duration', flags.duration)),
    RATE_PER_SECOND: String(rate),
    MAX_VUS: String(maxVus),
    // The operator starts all runners at once, when they are ready.
    LOAD_START_MS: '0',
    PATIENCE_MS: String(clientPatienceMs),
    UNAVAILABLE_SHARE_MAX: String(unavailableShareMax['none'] ?? unavailableShareMax['default'] ?? 1),
    SUMMARY_FILE: 'stdout',
  };
}

async function takeIn(files: string[], { out }: { readonly out?: string }): Promise<void> {
  const logs = await Promise.all(files.map(async (name) => ({ name, text: await readLog(name) })));
  const results = takeInLogs(logs);
  if (out !== undefined) {
    await writeFile(out, results.operations.map((operation) => `${JSON.stringify(operation)}\n`).join(''));
  }
  console.log(renderLoadFigures(results));
  if (results.crossed.length > 0) process.exitCode = exitCodes.violated;
}

async function readLog(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UsageError(`LOG "${file}" cannot be read: ${words}`, 'give the file of a log of a runner');
  }
}
