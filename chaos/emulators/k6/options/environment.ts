/** Options given by `K6_*` variables: the layer between the script and the flags. */
import type { RawLayer } from './settings.ts';
import { RunError } from '../errors.ts';
import { parseDnsText } from './network-options.ts';
import { parseStages, readBoolean, readNumber } from './flag-values.ts';

type Reader = (text: string, variable: string) => unknown;

const list: Reader = (text) => (text === '' ? [] : text.split(','));
const same: Reader = (text) => text;

const json: Reader = (text, variable) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new RunError('usage', `invalid value '${text}' for ${variable}: expected JSON`);
  }
};

/** `name:value` pairs behind one another. */
const pairs: Reader = (text, variable) =>
  Object.fromEntries(
    text.split(',').map((pair) => {
      const separator = pair.indexOf(':');
      if (separator <= 0)
        throw new RunError('usage', `invalid value '${text}' for ${variable}: expected name:value`);
      return [pair.slice(0, separator), pair.slice(separator + 1)];
    }),
  );

const optionVariables: Readonly<Record<string, readonly [option: string, read: Reader]>> = {
  K6_BATCH: ['batch', readNumber],
  K6_BATCH_PER_HOST: ['batchPerHost', readNumber],
  K6_BLACKLIST_IPS: ['blacklistIPs', list],
  K6_BLOCK_HOSTNAMES: ['blockHostnames', list],
  K6_DISCARD_RESPONSE_BODIES: ['discardResponseBodies', readBoolean],
  K6_DNS: ['dns', parseDnsText],
  K6_DURATION: ['duration', same],
  K6_HOSTS: ['hosts', pairs],
  K6_HTTP_DEBUG: ['httpDebug', same],
  K6_INSECURE_SKIP_TLS_VERIFY: ['insecureSkipTLSVerify', readBoolean],
  K6_ITERATIONS: ['iterations', readNumber],
  K6_LOCAL_IPS: ['localIPs', same],
  K6_MAX_REDIRECTS: ['maxRedirects', readNumber],
  K6_MIN_ITERATION_DURATION: ['minIterationDuration', same],
  K6_NO_CONNECTION_REUSE: ['noConnectionReuse', readBoolean],
  K6_NO_COOKIES_RESET: ['noCookiesReset', readBoolean],
  K6_NO_SETUP: ['noSetup', readBoolean],
  K6_NO_TEARDOWN: ['noTeardown', readBoolean],
  K6_NO_VU_CONNECTION_REUSE: ['noVUConnectionReuse', readBoolean],
  K6_PAUSED: ['paused', readBoolean],
  K6_RPS: ['rps', readNumber],
  K6_SETUP_TIMEOUT: ['setupTimeout', same],
  K6_STAGES: ['stages', (text) => parseStages(text)],
  K6_SUMMARY_TIME_UNIT: ['summaryTimeUnit', same],
  K6_SUMMARY_TREND_STATS: ['summaryTrendStats', list],
  K6_SYSTEM_TAGS: ['systemTags', list],
  K6_TAGS: ['tags', pairs],
  K6_TEARDOWN_TIMEOUT: ['teardownTimeout', same],
  K6_THRESHOLDS: ['thresholds', json],
  K6_THROW: ['throw', readBoolean],
  K6_TLS_CIPHER_SUITES: ['tlsCipherSuites', same],
  K6_USER_AGENT: ['userAgent', same],
  K6_VUS: ['vus', readNumber],
};

export function optionsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): RawLayer {
  const layer: RawLayer = {};
  for (const [variable, [option, read]] of Object.entries(optionVariables)) {
    const text = environment[variable];
    if (text !== undefined && text !== '') layer[option] = read(text, variable);
  }
  return layer;
}
