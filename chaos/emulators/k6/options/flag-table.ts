/** The flags, one row each in alphabetical order of the long name. */
import { RunError } from '../errors.ts';
import { parseAssignment, parseStages, readBoolean, readNumber } from './flag-values.ts';
import { parseDuration } from './duration.ts';
import { parseDnsText } from './network-options.ts';
import { logFormats, oneOf, parseLogOutput, summaryModes } from './settings.ts';
import type { RawLayer, Settings } from './settings.ts';

export type CommandName = 'archive' | 'inspect' | 'run';

export interface FlagRule {
  /** Those that take it; undefined when all do. */
  readonly commands?: readonly CommandName[];
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

function refused(names: readonly string[], takesValue: boolean, why: string): FlagRule {
  return {
    apply: (_value, _options, _settings, name) => {
      throw new RunError('usage', `${name} is not supported by the built-in runtime: ${why}`);
    },
    names,
    takesValue,
  };
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
  {
    ...setting(['--archive-out', '-O'], true, (settings, value) => {
      settings.archiveOut = value;
    }),
    commands: ['archive'],
  },
  option(['--batch'], 'batch', readNumber),
  option(['--batch-per-host'], 'batchPerHost', readNumber),
  option(['--blacklist-ip'], 'blacklistIPs', list),
  option(['--block-hostnames'], 'blockHostnames', list),
  setting(['--compatibility-mode'], true, (_settings, value, name) => {
    oneOf(['base', 'extended'], value, name);
  }),
  setting(['--config', '-c'], true, (settings, value) => {
    settings.config = value;
  }),
  setting(['--console-output'], true, (settings, value) => {
    settings.consoleOutput = value;
  }),
  option(['--discard-response-bodies'], 'discardResponseBodies', readBoolean),
  option(['--dns'], 'dns', parseDnsText),
  option(['--duration', '-d'], 'duration', durationText),
  setting(['--env', '-e'], true, (settings, value, name) => {
    const [key, text] = parseAssignment(value, name);
    settings.environment[key] = text;
  }),
  {
    ...setting(['--exclude-env-vars'], false, (settings, value, name) => {
      settings.excludeEnvironment = readBoolean(value, name);
    }),
    commands: ['archive'],
  },
  option(['--execution-segment'], 'executionSegment', same),
  option(['--execution-segment-sequence'], 'executionSegmentSequence', same),
  {
    ...setting(['--execution-requirements'], false, (settings, value, name) => {
      settings.executionRequirements = readBoolean(value, name);
    }),
    commands: ['inspect'],
  },
  refused(['--features'], true, 'there are no features to switch on'),
  {
    // Without a value it is `headers`.
    apply: (value, options) => {
      options['httpDebug'] = value === 'true' ? 'headers' : value;
    },
    names: ['--http-debug'],
    takesValue: false,
  },
  setting(['--include-system-env-vars'], false, (settings, value, name) => {
    settings.includeSystemEnvironment = readBoolean(value, name);
  }),
  option(['--insecure-skip-tls-verify'], 'insecureSkipTLSVerify', readBoolean),
  option(['--iterations', '-i'], 'iterations', readNumber),
  withoutEffect(['--linger', '-l'], false),
  option(['--local-ips'], 'localIPs', same),
  setting(['--log-format'], true, (settings, value, name) => {
    settings.logFormat = oneOf(logFormats, value === 'text' ? 'default' : value, name);
  }),
  setting(['--log-output'], true, (settings, value, name) => {
    settings.logOutput = parseLogOutput(value, name);
  }),
  option(['--max-redirects'], 'maxRedirects', readNumber),
  option(['--min-iteration-duration'], 'minIterationDuration', durationText),
  refused(
    ['--new-machine-readable-summary'],
    false,
    'the summary is written in the form that handleSummary gets',
  ),
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
  option(['--paused', '-p'], 'paused', readBoolean),
  withoutEffect(['--profiling-enabled'], false),
  setting(['--quiet', '-q'], false, (settings, value, name) => {
    settings.quiet = readBoolean(value, name);
  }),
  option(['--rps'], 'rps', readNumber),
  setting(['--secret-source'], true, (settings, value) => {
    settings.secretSources = [...settings.secretSources, value];
  }),
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
  setting(['--traces-output'], true, (_settings, value, name) => {
    oneOf(['none'], value, name);
  }),
  setting(['--type', '-t'], true, (_settings, value, name) => {
    oneOf(['archive', 'js'], value, name);
  }),
  option(['--user-agent'], 'userAgent', same),
  setting(['--verbose', '-v'], false, (settings, value, name) => {
    settings.verbose = readBoolean(value, name);
  }),
  option(['--vus', '-u'], 'vus', readNumber),
];
