/**
 * Puts the layers of options together: file, then script, then environment, then flags, the later winning.
 * A layer that says what to execute replaces all that earlier layers said about it, so that `--duration 5s`
 * runs any script briefly.
 */
import { RunError } from '../errors.ts';
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

export function mergeOptions(layers: readonly Options[]): Options {
  let merged: Options = {};
  for (const layer of layers) {
    const replacesExecution = executionOptions.some((name) => layer[name] !== undefined);
    if (replacesExecution) {
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
  return merged;
}

/** The scenarios that the options stand for; shortcuts become one scenario named `default`. */
export function deriveScenarios(options: Options): NamedScenario[] {
  const shortcuts = executionOptions.filter((name) => options[name] !== undefined);
  const only = shortcuts.filter((name) => !(name === 'duration' && shortcuts.includes('iterations')));
  if (only.length > 1) {
    throw invalidConfiguration('options', [
      `using multiple execution config shortcuts (${only.map((name) => `\`${name}\``).join(' and ')}) simultaneously is not allowed`,
    ]);
  }
  if (options.scenarios !== undefined) return parseScenarios(options.scenarios);
  const raw = rawShortcut(options);
  return parseScenarios({ default: raw });
}

function rawShortcut(options: Options): Record<string, unknown> {
  const vus = options.vus === undefined ? {} : { vus: options.vus };
  if (options.iterations !== undefined) {
    const limit = options.duration === undefined ? {} : { maxDuration: options.duration };
    return { executor: 'shared-iterations', iterations: options.iterations, ...vus, ...limit };
  }
  if (options.duration !== undefined) {
    return { duration: options.duration, executor: 'constant-vus', ...vus };
  }
  if (options.stages !== undefined) {
    const start = options.vus === undefined ? {} : { startVUs: options.vus };
    return { executor: 'ramping-vus', stages: options.stages, ...start };
  }
  return { executor: 'per-vu-iterations', iterations: 1, ...vus };
}

function parseScenarios(raw: Readonly<Record<string, unknown>>): NamedScenario[] {
  const names = Object.keys(raw);
  if (names.length === 0)
    throw new RunError('invalid-configuration', 'at least one scenario has to be specified');
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
