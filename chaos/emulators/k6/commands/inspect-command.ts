/** `inspect SCRIPT`: its options as JSON, without running it. */
import { applyOptions, scriptOptions } from '../engine/apply-options.ts';
import { planScenarios, vusAtMost } from '../engine/execution-plan.ts';
import { createVuFactory } from '../engine/vu-factory.ts';
import type { CommandLine } from '../options/flags.ts';
import { formatDuration } from '../options/duration.ts';
import type { RawLayer } from '../options/settings.ts';
import type { CommandHost } from './command-host.ts';
import { setUpTest } from './test-setup.ts';
import type { Streams } from './test-setup.ts';

/** In the order in which k6 shows them; null is what was not set. */
const shownOptions = [
  'paused',
  'vus',
  'duration',
  'iterations',
  'stages',
  'scenarios',
  'executionSegment',
  'executionSegmentSequence',
  'noSetup',
  'setupTimeout',
  'noTeardown',
  'teardownTimeout',
  'rps',
  'dns',
  'maxRedirects',
  'userAgent',
  'batch',
  'batchPerHost',
  'httpDebug',
  'insecureSkipTLSVerify',
  'tlsCipherSuites',
  'tlsVersion',
  'tlsAuth',
  'throw',
  'thresholds',
  'blacklistIPs',
  'blockHostnames',
  'hosts',
  'noConnectionReuse',
  'noVUConnectionReuse',
  'minIterationDuration',
  'ext',
  'cloud',
  'summaryTrendStats',
  'summaryTimeUnit',
  'systemTags',
  'tags',
  'metricSamplesBufferSize',
  'noCookiesReset',
  'discardResponseBodies',
] as const;

export async function inspectScript(
  host: CommandHost,
  commandLine: CommandLine,
  streams: Streams,
): Promise<number> {
  const { layers, load, run } = await setUpTest(host, commandLine, streams, []);
  const { program } = await load();
  const { exports } = await createVuFactory(run, program);
  const options = scriptOptions(exports, layers);
  const shown: RawLayer = {};
  for (const name of shownOptions) shown[name] = options[name] ?? null;
  if (commandLine.settings.executionRequirements) {
    applyOptions(run, exports, layers);
    const plan = planScenarios(run.scenarios);
    shown['totalDuration'] = formatDuration(Math.max(0, ...plan.map(({ endMs }) => endMs)));
    shown['maxVUs'] = vusAtMost(plan);
  }
  streams.stdout.write(JSON.stringify(shown, undefined, 2));
  return 0;
}
