/** Puts the script's options among the other layers and checks them against what the script exports. */
import { RunError } from '../errors.ts';
import type { ScriptModule } from '../loader/script-module.ts';
import {
  defaultSystemTags,
  defaultTrendStats,
  deriveScenarios,
  mergeOptions,
} from '../options/consolidate.ts';
import { invalidConfiguration, parseOptions } from '../options/parse-options.ts';
import type { RawLayer } from '../options/settings.ts';
import { isTrendStat } from '../output/summary-data.ts';
import type { RunState } from './run-state.ts';

export interface OptionLayers {
  readonly file: RawLayer;
  readonly environment: RawLayer;
  readonly flags: RawLayer;
}

const lifecycle: ReadonlySet<string> = new Set(['handleSummary', 'setup', 'teardown']);

export function applyOptions(run: RunState, script: ScriptModule, layers: OptionLayers): void {
  const callable = Object.entries(script).filter(
    ([name, value]) => typeof value === 'function' && !lifecycle.has(name),
  );
  if (callable.length === 0) throw new RunError('usage', 'no exported functions in script');
  const parsed = [
    parseOptions(layers.file, 'config file'),
    parseOptions(script['options'], 'script'),
    parseOptions(layers.environment, 'environment'),
    parseOptions(layers.flags, 'command line'),
  ];
  for (const warning of parsed.flatMap(({ warnings }) => warnings)) run.log.report('warning', warning);
  run.options = mergeOptions(parsed.map(({ options }) => options));
  if (run.options.vus !== undefined && run.options.vus < 1) {
    throw invalidConfiguration('options', ['the number of VUs must be more than 0']);
  }
  const badStats = (run.options.summaryTrendStats ?? defaultTrendStats).filter((stat) => !isTrendStat(stat));
  if (badStats.length > 0) {
    throw invalidConfiguration(
      'options',
      badStats.map((stat) => `invalid summary trend stat '${stat}'`),
    );
  }
  run.systemTags = new Set(run.options.systemTags ?? defaultSystemTags);
  run.scenarios = deriveScenarios(run.options);
  const missing = run.scenarios.filter(({ exec }) => typeof script[exec] !== 'function');
  if (missing.length > 0) {
    throw invalidConfiguration(
      'scenarios',
      missing.map(({ exec, name }) => `scenario ${name}: function '${exec}' not found in exports`),
    );
  }
}
