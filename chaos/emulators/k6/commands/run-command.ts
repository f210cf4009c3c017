/** `run SCRIPT`: the test from its init code to its exit code. */
import { errorFactsOf } from '../engine/error-facts.ts';
import { reportScriptError } from '../engine/report-exception.ts';
import type { RunState } from '../engine/run-state.ts';
import { runTest } from '../engine/test-run.ts';
import { exitCodes, RunError } from '../errors.ts';
import type { CommandLine } from '../options/flags.ts';
import { openOutputs } from '../output/outputs.ts';
import type { CommandHost } from './command-host.ts';
import { setUpTest } from './test-setup.ts';
import type { Streams } from './test-setup.ts';

export async function runScript(
  host: CommandHost,
  commandLine: CommandLine,
  streams: Streams,
): Promise<number> {
  const { script, settings } = commandLine;
  const { stack, stderr, stdout } = streams;
  const outputs = openOutputs(settings.outputs, host.environment).map((output) => stack.use(output));
  const { layers, load, log, run } = await setUpTest(host, commandLine, streams, outputs);
  listen(host, run, () => {
    log.flush();
    stack.dispose();
  });
  return await runTest({
    announce: (lines) => {
      if (settings.quiet) return;
      stdout.write(['', `  script: ${script}`, ...lines.map((line) => `  * ${line}`), ''].join('\n'));
      stdout.flush();
    },
    checkThresholds: !settings.noThresholds,
    layers,
    load,
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
function listen(host: CommandHost, run: RunState, flush: () => void): void {
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

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
