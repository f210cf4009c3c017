/** What is no option of the test but of one run of it: where output goes and what the script sees as `__ENV`. */
import { RunError } from '../errors.ts';
import { readBoolean } from './flag-values.ts';

/** Options as a layer wrote them, before they are checked. */
export type RawLayer = Record<string, unknown>;

export type LogOutput =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'none' | 'stderr' | 'stdout' };

export interface Settings {
  archiveOut: string;
  config: string | undefined;
  consoleOutput: string | undefined;
  environment: Record<string, string>;
  excludeEnvironment: boolean;
  executionRequirements: boolean;
  includeSystemEnvironment: boolean;
  logFormat: 'default' | 'json' | 'raw';
  logOutput: LogOutput;
  noSummary: boolean;
  noThresholds: boolean;
  outputs: string[];
  quiet: boolean;
  secretSources: string[];
  seed: string | undefined;
  summaryExport: string | undefined;
  summaryMode: 'compact' | 'disabled' | 'full';
  verbose: boolean;
}

export function defaultSettings(): Settings {
  return {
    archiveOut: 'archive.tar',
    config: undefined,
    consoleOutput: undefined,
    environment: {},
    excludeEnvironment: false,
    executionRequirements: false,
    includeSystemEnvironment: true,
    logFormat: 'default',
    logOutput: { kind: 'stderr' },
    noSummary: false,
    noThresholds: false,
    outputs: [],
    quiet: false,
    secretSources: [],
    seed: undefined,
    summaryExport: undefined,
    summaryMode: 'compact',
    verbose: false,
  };
}

type Assign = (settings: Settings, text: string, variable: string) => void;

export function oneOf<const Choice extends string>(
  choices: readonly Choice[],
  text: string,
  name: string,
): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new RunError('usage', `invalid value '${text}' for ${name}: expected one of ${choices.join(', ')}`);
}

export const logFormats = ['default', 'json', 'raw'] as const;
export const summaryModes = ['compact', 'disabled', 'full'] as const;

/** `file=PATH`, or where else the log goes. */
export function parseLogOutput(text: string, name: string): LogOutput {
  const [kind = '', ...rest] = text.split('=');
  if (kind === 'file') {
    const [path = '', ...others] = rest.join('=').split(',');
    if (others.length > 0)
      throw new RunError(
        'usage',
        `${name}: the built-in runtime takes file=PATH without more, not '${text}'`,
      );
    return { kind, path: path === '' ? './k6.log' : path };
  }
  if (kind === 'loki')
    throw new RunError('usage', `${name}: 'loki' is not supported by the built-in runtime: write to a file`);
  return { kind: oneOf(['none', 'stderr', 'stdout'], text, name) };
}

const variables: Readonly<Record<string, Assign>> = {
  K6_CONSOLE_OUTPUT: (settings, text) => {
    settings.consoleOutput = text;
  },
  K6_INCLUDE_SYSTEM_ENV_VARS: (settings, text, variable) => {
    settings.includeSystemEnvironment = readBoolean(text, variable);
  },
  K6_LOG_FORMAT: (settings, text, variable) => {
    settings.logFormat = oneOf(logFormats, text === 'text' ? 'default' : text, variable);
  },
  K6_LOG_OUTPUT: (settings, text, variable) => {
    settings.logOutput = parseLogOutput(text, variable);
  },
  K6_NO_SUMMARY: (settings, text, variable) => {
    settings.noSummary = readBoolean(text, variable);
  },
  K6_NO_THRESHOLDS: (settings, text, variable) => {
    settings.noThresholds = readBoolean(text, variable);
  },
  K6_SECRET_SOURCE: (settings, text) => {
    settings.secretSources = [text];
  },
  K6_OUT: (settings, text) => {
    settings.outputs = text.split(',');
  },
  K6_SUMMARY_EXPORT: (settings, text) => {
    settings.summaryExport = text;
  },
  K6_SUMMARY_MODE: (settings, text, variable) => {
    settings.summaryMode = oneOf(summaryModes, text, variable);
  },
};

export function settingsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): Settings {
  const settings = defaultSettings();
  for (const [variable, assign] of Object.entries(variables)) {
    const text = environment[variable];
    if (text !== undefined && text !== '') assign(settings, text, variable);
  }
  return settings;
}
