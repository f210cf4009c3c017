/** `redcliff load manifest` and `load results`: the load of a scenario on many machines by the k6 operator, and its results. */
import { readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { type ScriptSettings, settingsVariable } from '../api/k6/settings.ts';
import { noFault } from '../api/scenario.ts';
import { parseDurationMs } from '../duration.ts';
import { exitCodes, UsageError } from '../errors.ts';
import { limitsOf } from '../run/limits.ts';
import { scriptLoad } from '../run/load.ts';
import { planningContext, scenarioNamed } from '../run/plan.ts';
import { imageOf } from '../stack/docker/images.ts';
import { renderLoadFigures } from '../stack/kubernetes/load-figures.ts';
import { takeInLogs } from '../stack/kubernetes/runner-logs.ts';
import { scriptFiles } from '../stack/kubernetes/script-files.ts';
import { renderTestRun, scriptFolder } from '../stack/kubernetes/test-run.ts';
import { loadTarget } from '../target/load-config.ts';
import { addTargetOptions, checkSeed, parseWholeNumber, type TargetFlags } from './options.ts';

interface ManifestFlags extends TargetFlags {
  readonly url: string[];
  readonly world?: string;
  readonly parallelism: string;
  readonly rate?: string;
  readonly maxVus?: string;
  readonly duration: string;
  readonly seed: string;
  readonly name?: string;
  readonly namespace: string;
  readonly image?: string;
}

export function addScaleCommands(program: Command): void {
  const load = program
    .command('load')
    .helpGroup('Scale:')
    .description('run the load of a scenario on many machines with the k6 operator');
  const manifest = load
    .command('manifest')
    .description('print the manifest that runs the load of a scenario with the k6 operator (kubectl apply)')
    .argument('<scenario>', 'name of the scenario')
    .requiredOption('--url <url...>', 'base address of the target inside the cluster')
    .option(
      '--world <file>',
      'what the seed of the target returned, as JSON (default: the scenario’s own world)',
    )
    .option('--parallelism <number>', 'runners, each on its own machine', '4')
    .option('--rate <number>', 'arrivals a second, of all runners together (default: the scenario’s own)')
    .option('--max-vus <number>', 'clients of all runners together (default: the scenario’s own)')
    .option('--duration <time>', 'length of the load', '60s')
    .option('--seed <text>', 'source of every random choice', 'kubernetes')
    .option('--name <name>', 'name of the test run (default: redcliff-SCENARIO)')
    .option('--namespace <name>', 'namespace it is created in', 'default')
    .option('--image <name>', 'image of k6 (default: the pinned one, or REDCLIFF_K6_IMAGE)');
  addTargetOptions(manifest).action(async (scenario: string, flags: ManifestFlags) => {
    process.stdout.write(await renderManifest(scenario, flags));
  });
  load
    .command('results')
    .description('merge the logs of the runners of a test run into one history, and print its figures')
    .argument('<log...>', 'the complete log of each runner, one file each')
    .option('--out <file>', 'where the history is written')
    .action(results);
}

async function renderManifest(name: string, flags: ManifestFlags): Promise<string> {
  const context = planningContext(await loadTarget(flags, process.cwd()));
  const { target } = context;
  const scenario = scenarioNamed(context, name);
  for (const url of flags.url) {
    if (!URL.canParse(url) || !/^https?:\/\/.*[^/]$/.test(url))
      throw new UsageError(
        `--url "${url}" must be an http address that does not end with a slash`,
        'such as http://api:3000',
      );
  }
  const { rate, maxVus } = flags;
  const { load } = scenario;
  const plan = {
    scenario: {
      ...scenario,
      load: {
        ...load,
        ratePerSecond:
          rate === undefined ? load.ratePerSecond : parseWholeNumber('--rate', rate, { example: 4 }),
        maxVus: maxVus === undefined ? load.maxVus : parseWholeNumber('--max-vus', maxVus, { example: 4 }),
      },
    },
    label: noFault,
    seed: checkSeed(flags.seed),
    durationMs: parseDurationMs('--duration', flags.duration),
    timeline: [],
  };
  const serving =
    Object.entries(target.processes).find(([, role]) => role.port !== undefined)?.[0] ?? 'target';
  const settings: ScriptSettings = {
    ...scriptLoad(plan),
    urls: { [serving]: flags.url },
    baseUrls: flags.url,
    world: await readWorld(flags.world, scenario.world),
    // The operator starts all runners at once, when they are ready.
    startUrl: '',
    timeoutMs: limitsOf(target).requestDeadlineMs,
    summaryFile: 'stdout',
  };
  // Scripts import the helpers of Redcliff by a relative path, so that both are carried below a folder that holds them.
  const root = commonFolder(target.scriptFolder, fileURLToPath(new URL('../..', import.meta.url)));
  const script = relative(root, resolve(target.scriptFolder, scenario.script)).replaceAll('\\', '/');
  const files = new Map(scriptFiles(root, script));
  files.set('settings.json', JSON.stringify(settings));
  return renderTestRun({
    name: flags.name ?? `redcliff-${name}`,
    namespace: flags.namespace,
    image: flags.image ?? imageOf('k6', process.env),
    parallelism: parseWholeNumber('--parallelism', flags.parallelism, { example: 4 }),
    script,
    files,
    variables: { [settingsVariable]: `${scriptFolder}/settings.json` },
  });
}

async function readWorld(
  file: string | undefined,
  own: ScriptSettings['world'],
): Promise<ScriptSettings['world']> {
  if (file === undefined) return own;
  try {
    const world: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof world === 'object' && world !== null && !Array.isArray(world)) return { ...world };
    throw new Error('it must be a JSON object');
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `--world "${file}" cannot be read: ${words}`,
      'give a JSON file like the value of "world" in settings.json of a cell',
    );
  }
}

function commonFolder(one: string, other: string): string {
  const [left, right] = [one.split('/'), other.split('/')];
  const shared = left.findIndex((part, index) => part !== right[index]);
  return left.slice(0, shared < 0 ? left.length : shared).join('/') || '/';
}

async function results(files: string[], { out }: { readonly out?: string }): Promise<void> {
  const logs = await Promise.all(files.map(async (name) => ({ name, text: await readLog(name) })));
  const taken = takeInLogs(logs);
  if (out !== undefined) {
    await writeFile(out, taken.operations.map((operation) => `${JSON.stringify(operation)}\n`).join(''));
  }
  console.log(renderLoadFigures(taken));
  if (taken.crossed.length > 0) process.exitCode = exitCodes.violated;
}

async function readLog(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UsageError(`LOG "${file}" cannot be read: ${words}`, 'give the log file of a runner');
  }
}
