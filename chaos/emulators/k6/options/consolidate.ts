/**
 * Puts the layers of options together: file, then script, then environment, then flags, the later winning.
 * A layer that says what to execute replaces all that earlier layers said about it, so that `--duration 5s`
 * runs any script briefly.
 */
import type { Options } from './options.ts';
import { describeIssues, invalidConfiguration } from './parse-options.ts';
import { scenario as scenarioSchema } from './scenario.ts';
import type { ScenarioOptions } from './scenario.ts';
import type { RawLayer } from './settings.ts';

export type NamedScenario = ScenarioOptions & { readonly name: string };

const executionOptions: ReadonlySet<string> = new Set(['duration', 'iterations', 'scenarios', 'stages']);

export const defaultTrendStats = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

export interface OptionLayer<Layer> {
  /** As the warning calls it. */
  readonly name: 'cli' | 'config' | 'env' | 'script';
  readonly options: Layer;
}

/** Of layers as they were written, or as they were parsed. */
export function mergeOptions<Layer extends Options | RawLayer>(
  layers: readonly OptionLayer<Layer>[],
): { readonly options: Layer; readonly warnings: readonly string[] } {
  const merged = new Map<string, unknown>();
  const warnings: string[] = [];
  for (const { name, options } of layers) {
    const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
    if (given.some(([option]) => executionOptions.has(option))) {
      if (merged.has('scenarios')) {
        warnings.push(`"${name}" level configuration overrode scenarios configuration entirely`);
      }
      for (const option of executionOptions) merged.delete(option);
    }
    for (const [option, value] of given) merged.set(option, value);
  }
  // Each value stands under the name that it had in a layer.
  return { options: Object.fromEntries(merged) as Layer, warnings };
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
