/** The flags, one row each in alphabetical order of the long name. */
import { RunError } from '../errors.ts';
import { parseAssignment, parseStages, readBoolean, readNumber } from './flag-values.ts';
import { parseDuration } from './duration.ts';
import { logFormats, logOutputs, oneOf, summaryModes } from './settings.ts';
import type { RawLayer, Settings } from './settings.ts';

export interface FlagRule {
  readonly names: readonly string[];
  readonly takesValue: boolean;
  apply(value: string, options: RawLayer, settings: Settings, name: string): void;
}

function option(
  names: readonly string[],
  optionName: string,
  read: (text: string, name: string) => unknown,
): FlagRule {
  return {
    apply: (value, options, _settings, name) => {
      options[optionName] = read(value, name);
    },
    names,
    takesValue: read !== readBoolean,
  };
}

function setting(
  names: readonly string[],
  takesValue: boolean,
  assign: (settings: Settings, value: string, name: string) => void,
): FlagRule {
  return { apply: (value, _options, settings, name) => assign(settings, value, name), names, takesValue };
}

/** Accepted so that a caller need not know which runtime it calls; they have nothing to act on here. */
const withoutEffect = (names: readonly string[], takesValue: boolean): FlagRule => ({
  apply: () => undefined,
  names,
  takesValue,
});

const list = (text: string): string[] => text.split(',');
const same = (text: string): string => text;

function durationText(text: string, name: string): string {
  if (parseDuration(text) === undefined)
    throw new RunError('usage', `invalid duration '${text}' for ${name}`);
  return text;
}

function append(options: RawLayer, name: string, more: readonly unknown[]): void {
  const before: unknown = options[name];
  options[name] = [...(Array.isArray(before) ? before : []), ...more];
}

export const flagTable: readonly FlagRule[] = [
  withoutEffect(['--address', '-a'], true),
  option(['--batch'], 'batch', readNumber),
  option(['--batch-per-host'], 'batchPerHost', readNumber),
  option(['--block-hostnames'], 'blockHostnames', list),
  setting(['--config', '-c'], true, (settings, value) => {
    settings.config = value;
  }),
  setting(['--console-output'], true, (settings, value) => {
    settings.consoleOutput = value;
  }),
  option(['--discard-response-bodies'], 'discardResponseBodies', readBoolean),
  option(['--duration', '-d'], 'duration', durationText),
  setting(['--env', '-e'], true, (settings, value, name) => {
    const [key, text] = parseAssignment(value, name);
    settings.environment[key] = text;
  }),
  setting(['--include-system-env-vars'], false, (settings, value, name) => {
    settings.includeSystemEnvironment = readBoolean(value, name);
  }),
  option(['--insecure-skip-tls-verify'], 'insecureSkipTLSVerify', readBoolean),
  option(['--iterations', '-i'], 'iterations', readNumber),
  withoutEffect(['--linger', '-l'], false),
  setting(['--log-format'], true, (settings, value, name) => {
    settings.logFormat = oneOf(logFormats, value === 'text' ? 'default' : value, name);
  }),
  setting(['--log-output'], true, (settings, value, name) => {
    settings.logOutput = oneOf(logOutputs, value, name);
  }),
  option(['--max-redirects'], 'maxRedirects', readNumber),
  option(['--min-iteration-duration'], 'minIterationDuration', durationText),
  withoutEffect(['--no-color'], false),
  option(['--no-connection-reuse'], 'noConnectionReuse', readBoolean),
  option(['--no-setup'], 'noSetup', readBoolean),
  setting(['--no-summary'], false, (settings, value, name) => {
    settings.noSummary = readBoolean(value, name);
  }),
  option(['--no-teardown'], 'noTeardown', readBoolean),
  setting(['--no-thresholds'], false, (settings, value, name) => {
    settings.noThresholds = readBoolean(value, name);
  }),
  withoutEffect(['--no-usage-report'], false),
  option(['--no-vu-connection-reuse'], 'noVUConnectionReuse', readBoolean),
  setting(['--out', '-o'], true, (settings, value) => {
    settings.outputs = [...settings.outputs, value];
  }),
  setting(['--quiet', '-q'], false, (settings, value, name) => {
    settings.quiet = readBoolean(value, name);
  }),
  option(['--rps'], 'rps', readNumber),
  setting(['--seed'], true, (settings, value) => {
    settings.seed = value;
  }),
  {
    apply: (value, options) => append(options, 'stages', parseStages(value)),
    names: ['--stage', '-s'],
    takesValue: true,
  },
  setting(['--summary-export'], true, (settings, value) => {
    settings.summaryExport = value;
  }),
  setting(['--summary-mode'], true, (settings, value, name) => {
    settings.summaryMode = oneOf(summaryModes, value, name);
    if (settings.summaryMode === 'disabled') settings.noSummary = true;
  }),
  option(['--summary-time-unit'], 'summaryTimeUnit', same),
  option(['--summary-trend-stats'], 'summaryTrendStats', list),
  option(['--system-tags'], 'systemTags', list),
  {
    apply: (value, options, _settings, name) => {
      const [key, text] = parseAssignment(value, name);
      options['tags'] = { ...(options['tags'] as Record<string, string> | undefined), [key]: text };
    },
    names: ['--tag'],
    takesValue: true,
  },
  option(['--throw', '-w'], 'throw', readBoolean),
  option(['--user-agent'], 'userAgent', same),
  setting(['--verbose', '-v'], false, (settings, value, name) => {
    settings.verbose = readBoolean(value, name);
  }),
  option(['--vus', '-u'], 'vus', readNumber),
];
