/** From a command line to a test that can be run, inspected or archived. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock } from '../clock.ts';
import type { OptionLayers } from '../engine/apply-options.ts';
import { GroupNode } from '../engine/groups.ts';
import { createRunState } from '../engine/run-state.ts';
import type { RunState } from '../engine/run-state.ts';
import { SampleBus } from '../engine/samples.ts';
import type { SampleOutput } from '../engine/samples.ts';
import { RunError } from '../errors.ts';
import { OpenFiles } from '../host/open-files.ts';
import { openSecretSources } from '../host/secret-sources.ts';
import { SharedArrays } from '../host/shared-arrays.ts';
import { loadProgram } from '../load-program.ts';
import type { LoadedProgram } from '../load-program.ts';
import { MetricRegistry } from '../metrics/registry.ts';
import { optionsFromEnvironment } from '../options/environment.ts';
import type { CommandLine } from '../options/flags.ts';
import type { RawLayer, Settings } from '../options/settings.ts';
import { LineWriter } from '../output/line-writer.ts';
import { ScriptLog } from '../output/script-log.ts';
import { seededRandom } from '../../../random.ts';
import type { CommandHost } from './command-host.ts';
import { openTestSource } from './open-test-source.ts';
import type { TestSource } from './test-source.ts';

export interface TestSetup {
  readonly source: TestSource;
  readonly run: RunState;
  readonly log: ScriptLog;
  readonly layers: OptionLayers;
  /** Loads the script and all it imports. */
  load(): Promise<LoadedProgram>;
}

export interface Streams {
  readonly stdout: LineWriter;
  readonly stderr: LineWriter;
  /** Ends what was opened for the command. */
  readonly stack: DisposableStack;
}

export async function setUpTest(
  host: CommandHost,
  { options, script, settings }: CommandLine,
  { stack, stderr, stdout }: Streams,
  outputs: readonly SampleOutput[],
): Promise<TestSetup> {
  const source = await openTestSource(script, host);
  const file = readConfigFile(settings.config);
  const secrets = openSecretSources(settings.secretSources);
  const log = new ScriptLog({
    clock: systemClock,
    consoleOutput:
      settings.consoleOutput === undefined ? undefined : stack.use(LineWriter.toFile(settings.consoleOutput)),
    format: settings.logFormat,
    main: openLog(settings.logOutput, { stack, stderr, stdout }),
    redact: secrets.redact,
    verbose: settings.verbose,
  });
  const run = createRunState({
    clock: systemClock,
    environment: scriptEnvironment(host, settings, source),
    files: new OpenFiles(source.files),
    log,
    random: seededRandom(settings.seed ?? randomUUID()),
    registry: new MetricRegistry(),
    rootGroup: new GroupNode('', ''),
    samples: new SampleBus(outputs),
    secrets,
    seed: settings.seed,
    sharedArrays: new SharedArrays(),
  });
  return {
    layers: {
      archived: source.archived?.options,
      environment: optionsFromEnvironment(host.environment),
      file,
      flags: options,
    },
    load: () => loadProgram({ ...source, environment: host.environment }),
    log,
    run,
    source,
  };
}

function openLog(output: Settings['logOutput'], { stack, stderr, stdout }: Streams): LineWriter | undefined {
  switch (output.kind) {
    case 'file':
      return stack.use(LineWriter.toFile(output.path));
    case 'none':
      return undefined;
    case 'stderr':
      return stderr;
    case 'stdout':
      return stdout;
  }
}

/** What the archive was made with, then what the system has, then what was given by name. */
function scriptEnvironment(
  host: CommandHost,
  settings: Settings,
  { archived }: TestSource,
): Record<string, string> {
  const inherited = settings.includeSystemEnvironment ? Object.entries(host.environment) : [];
  const given = inherited.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...archived?.environment, ...Object.fromEntries(given), ...settings.environment };
}

function readConfigFile(path: string | undefined): RawLayer {
  if (path === undefined) return {};
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new RunError('usage', `${path} holds no options`);
  return { ...parsed };
}
