/**
 * Puts the layers of options together: file, then script, then environment, then flags, the later winning.
 * A layer that says what to execute replaces all that earlier layers said about it, so that `--duration 5s`
 * runs any script briefly.
 */
import type { Options } from './options.ts';
import { describeIssues, invalidConfiguration } from './parse-options.ts';
import { scenario as scenarioSchema } from './scenario.ts';
import type { ScenarioOptions } from './scenario.ts';

export type NamedScenario = ScenarioOptions & { readonly name: string };

const executionOptions = ['duration', 'iterations', 'scenarios', 'stages'] as const;

export const defaultTrendStats = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

export const defaultSystemTags = [
  'check',
  'error',
  'error_code',
  'expected_response',
  'group',
  'method',
  'name',
  'proto',
  'scenario',
  'service',
  'status',
  'subproto',
  'tls_version',
  'url',
];

export interface OptionLayer {
  /** As the warning calls it. */
  readonly name: 'cli' | 'config' | 'env' | 'script';
  readonly options: Options;
}

export interface MergedOptions {
  readonly options: Options;
  readonly warnings: readonly string[];
}

export function mergeOptions(layers: readonly OptionLayer[]): MergedOptions {
  let merged: Options = {};
  const warnings: string[] = [];
  for (const { name, options: layer } of layers) {
    const replacesExecution = executionOptions.some((option) => layer[option] !== undefined);
    if (replacesExecution) {
      if (merged.scenarios !== undefined) {
        warnings.push(`"${name}" level configuration overrode scenarios configuration entirely`);
      }
      const {
        duration: _duration,
        iterations: _iterations,
        scenarios: _scenarios,
        stages: _stages,
        ...rest
      } = merged;
      merged = rest;
    }
    const given = Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined));
    merged = { ...merged, ...given };
  }
  return { options: merged, warnings };
}

/** The scenarios that the options stand for; shortcuts become one scenario named `default`. */
export function deriveScenarios(options: Options): { scenarios: NamedScenario[]; warnings: string[] } {
  const { duration, iterations, scenarios, stages, vus } = options;
  const hasStages = stages !== undefined && stages.length > 0;
  const shortcut =
    iterations !== undefined
      ? 'iterations'
      : duration !== undefined
        ? 'duration'
        : hasStages
          ? 'stages'
          : undefined;
  if (shortcut !== undefined) {
    const other =
      shortcut !== 'stages' && hasStages ? 'stages' : scenarios === undefined ? undefined : 'scenarios';
    if (other !== undefined) {
      throw invalidConfiguration('options', [
        `using \`${shortcut}\` and \`${other}\` options simultaneously is not allowed`,
      ]);
    }
    return { scenarios: parseScenarios({ default: rawShortcut(options) }), warnings: [] };
  }
  if (vus !== undefined && stages === undefined) {
    const warnings = scenarios === undefined ? [] : [`\`vus=${vus}\` overrides scenarios configuration`];
    return {
      scenarios: parseScenarios({ default: { executor: 'shared-iterations', iterations: vus, vus } }),
      warnings,
    };
  }
  if (scenarios !== undefined && Object.keys(scenarios).length > 0) {
    return { scenarios: parseScenarios(scenarios), warnings: [] };
  }
  const emptied = [
    ...(stages === undefined ? [] : ['stages']),
    ...(scenarios === undefined ? [] : ['scenarios']),
  ];
  return {
    scenarios: parseScenarios({ default: { executor: 'per-vu-iterations' } }),
    warnings: emptied.map(
      (name) =>
        `\`${name}\` was explicitly set to an empty value, running the script with 1 iteration in 1 VU`,
    ),
  };
}

function rawShortcut(options: Options): Record<string, unknown> {
  const vus = options.vus === undefined ? {} : { vus: options.vus };
  if (options.iterations !== undefined) {
    const limit = options.duration === undefined ? {} : { maxDuration: options.duration };
    return { executor: 'shared-iterations', iterations: options.iterations, ...vus, ...limit };
  }
  if (options.duration !== undefined) {
    if (options.duration <= 0) {
      throw invalidConfiguration('options', [
        '`duration` option should be more than 0, for infinite duration use the externally-controlled executor',
      ]);
    }
    return { duration: options.duration, executor: 'constant-vus', ...vus };
  }
  return {
    executor: 'ramping-vus',
    stages: options.stages,
    ...(options.vus === undefined ? {} : { startVUs: options.vus }),
  };
}

function parseScenarios(raw: Readonly<Record<string, unknown>>): NamedScenario[] {
  const names = Object.keys(raw);
  const problems: string[] = [];
  const scenarios: NamedScenario[] = [];
  for (const name of names) {
    if (!/^[0-9a-zA-Z_-]+$/.test(name)) {
      problems.push(`the scenario name '${name}' may hold only letters, digits, '_' and '-'`);
    }
    const parsed = scenarioSchema.safeParse(raw[name]);
    if (parsed.success) scenarios.push({ ...parsed.data, name });
    else problems.push(...describeIssues(parsed.error).map((issue) => `scenario ${name}: ${issue}`));
  }
  if (problems.length > 0) throw invalidConfiguration('scenarios', problems);
  return scenarios;
}
