/** From a command line to an exit code: opens what the run writes to, runs it, and closes all of it again. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from './clock.ts';
import { GroupNode } from './engine/groups.ts';
import { createRunState } from './engine/run-state.ts';
import type { RunState } from './engine/run-state.ts';
import { errorFactsOf } from './engine/error-facts.ts';
import { reportScriptError } from './engine/report-exception.ts';
import { SampleBus } from './engine/samples.ts';
import { runTest } from './engine/test-run.ts';
import { exitCodes, messageOf, RunError } from './errors.ts';
import { diskFiles, OpenFiles } from './host/open-files.ts';
import { SharedArrays } from './host/shared-arrays.ts';
import { loadProgram, localSources } from './load-program.ts';
import { MetricRegistry } from './metrics/registry.ts';
import { optionsFromEnvironment } from './options/environment.ts';
import { parseCommandLine } from './options/flags.ts';
import type { CommandLine } from './options/flags.ts';
import { settingsFromEnvironment } from './options/settings.ts';
import type { RawLayer, Settings } from './options/settings.ts';
import { LineWriter } from './output/line-writer.ts';
import { asksForHelp, usage } from './options/usage.ts';
import { openOutputs } from './output/outputs.ts';
import { ScriptLog } from './output/script-log.ts';
import { seededRandom } from './random.ts';

export interface Host {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isStdOutTTY: boolean;
  readonly isStdErrTTY: boolean;
  onSignal(callback: (signal: string) => void): void;
  onUnhandledRejection(callback: (reason: unknown, promise: object) => void): void;
  exitNow(code: number): void;
}

export async function runCommand(host: Host): Promise<number> {
  using stdout = LineWriter.toDescriptor(1);
  using stderr = LineWriter.toDescriptor(2);
  try {
    const [command, ...words] = host.words;
    if (asksForHelp(host.words)) {
      stdout.write(usage());
      return 0;
    }
    if (command !== 'run')
      throw new RunError('usage', `unknown command "${command ?? ''}": expected run SCRIPT`);
    const commandLine = parseCommandLine(words, settingsFromEnvironment(host.environment));
    return await runScript(host, commandLine, stdout, stderr);
  } catch (error) {
    const known =
      error instanceof RunError ? error : new RunError('usage', messageOf(error), { cause: error });
    stderr.write(
      `time="${new Date(systemClock.nowMs()).toISOString().slice(0, 19)}Z" level=error msg=${JSON.stringify(known.message)}`,
    );
    if (known.hint !== undefined) stderr.write(`hint: ${known.hint}`);
    return known.exitCode;
  }
}

async function runScript(
  host: Host,
  { options, script, settings }: CommandLine,
  stdout: LineWriter,
  stderr: LineWriter,
): Promise<number> {
  const scriptPath = resolve(script);
  if (!existsSync(scriptPath)) throw new RunError('usage', `the script "${script}" does not exist`);
  const file = readConfigFile(settings.config);
  using stack = new DisposableStack();
  const outputs = openOutputs(settings.outputs).map((output) => stack.use(output));
  const consoleOutput =
    settings.consoleOutput === undefined ? undefined : stack.use(LineWriter.toFile(settings.consoleOutput));
  const main = { none: undefined, stderr, stdout }[settings.logOutput];
  const log = new ScriptLog({
    clock: systemClock,
    consoleOutput,
    format: settings.logFormat,
    main,
    verbose: settings.verbose,
  });
  const run = createRunState({
    clock: systemClock,
    environment: scriptEnvironment(host, settings),
    files: new OpenFiles(diskFiles),
    log,
    random: seededRandom(settings.seed ?? randomUUID()),
    registry: new MetricRegistry(),
    rootGroup: new GroupNode('', ''),
    samples: new SampleBus(outputs),
    seed: settings.seed,
    sharedArrays: new SharedArrays(),
  });
  const flush = (): void => {
    log.flush();
    stack.dispose();
  };
  listen(host, run, flush);
  return await runTest({
    announce: (lines) => {
      if (settings.quiet) return;
      stdout.write(['', `  script: ${script}`, ...lines.map((line) => `  * ${line}`), ''].join('\n'));
      stdout.flush();
    },
    checkThresholds: !settings.noThresholds,
    layers: { environment: optionsFromEnvironment(host.environment), file, flags: options },
    load: () => {
      const url = pathToFileURL(scriptPath).href;
      const sources = localSources(url, host.environment);
      return loadProgram({
        environment: host.environment,
        sources,
        text: readFileSync(scriptPath, 'utf8'),
        url,
      });
    },
    run,
    summary: {
      allowEmptyThresholds: isOn(host.environment['REDCLIFF_ALLOW_EMPTY_THRESHOLDS']),
      exportPath: settings.summaryExport,
      isStdErrTTY: host.isStdErrTTY,
      isStdOutTTY: host.isStdOutTTY,
      show: !settings.noSummary,
      writeStderr: (text) => stderr.write(text.replace(/\n$/, '')),
      writeStdout: (text) => stdout.write(text.replace(/\n$/, '')),
    },
  });
}

/** The first signal ends the run as k6 does, teardown included; the second ends the process. */
function listen(host: Host, run: RunState, flush: () => void): void {
  host.onSignal((signal) => {
    if (run.end?.reason === 'external-abort') {
      run.log.report('error', 'Aborting k6 in response to signal', { sig: signal });
      flush();
      host.exitNow(exitCodes['external-abort']);
      return;
    }
    run.log.report('warning', 'Stopping k6 in response to signal...', { sig: signal });
    run.abort(
      new RunError('external-abort', `test run was aborted because k6 received a '${signal}' signal`),
    );
  });
  host.onUnhandledRejection((reason, promise) => {
    const vu = run.vusByRealm.get(Reflect.getPrototypeOf(promise) ?? promise);
    reportScriptError(run, vu, errorFactsOf(reason), 'Uncaught (in promise) ');
  });
}

function scriptEnvironment(host: Host, settings: Settings): Record<string, string> {
  const inherited = settings.includeSystemEnvironment ? Object.entries(host.environment) : [];
  const given = inherited.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(given), ...settings.environment };
}

function readConfigFile(path: string | undefined): RawLayer {
  if (path === undefined) return {};
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new RunError('usage', `${path} holds no options`);
  return { ...parsed };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
