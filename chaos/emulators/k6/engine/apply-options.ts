/** Puts the script's options among the other layers and checks them against what the script exports. */
import { RunError } from '../errors.ts';
import type { ScriptExports } from '../realm/script-instance.ts';
import { defaultTrendStats, deriveScenarios, mergeOptions } from '../options/consolidate.ts';
import { defaultSystemTags } from '../options/system-tags.ts';
import { invalidConfiguration, parseOptions } from '../options/parse-options.ts';
import type { Options } from '../options/options.ts';
import type { RawLayer } from '../options/settings.ts';
import { isTrendStat } from '../output/summary-data.ts';
import { HttpDebug } from '../http/http-debug.ts';
import { RequestSlots } from '../http/request-slots.ts';
import { Resolver } from '../http/resolver.ts';
import type { RunState } from './run-state.ts';

export interface OptionLayers {
  /** Of an archive, in place of those of the script. */
  readonly archived: RawLayer | undefined;
  readonly file: RawLayer;
  readonly environment: RawLayer;
  readonly flags: RawLayer;
}

const lifecycle: ReadonlySet<string> = new Set(['setup', 'teardown']);

export function applyOptions(run: RunState, script: ScriptExports, layers: OptionLayers): void {
  const wrong = script.others.find((name) => lifecycle.has(name));
  if (wrong !== undefined) throw new RunError('usage', `exported '${wrong}' must be a function`);
  if (script.functions.length === 0) throw new RunError('usage', 'no exported functions in script');
  const parsed = [
    { name: 'config', ...parseOptions(layers.file, 'config file') },
    { name: 'script', ...parseOptions(scriptOptions(script, layers), 'script') },
    { name: 'env', ...parseOptions(layers.environment, 'environment') },
    { name: 'cli', ...parseOptions(layers.flags, 'command line') },
  ] as const;
  const warn = (warnings: readonly string[]): void => {
    for (const warning of warnings) run.log.report('warning', warning);
  };
  warn(parsed.flatMap(({ warnings }) => warnings));
  const merged = mergeOptions<Options>(parsed);
  warn(merged.warnings);
  run.options = merged.options;
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
  applyNetworkOptions(run);
  const derived = deriveScenarios(run.options);
  warn(derived.warnings);
  run.scenarios = derived.scenarios;
  const missing = run.scenarios.filter(({ exec }) => !script.functions.includes(exec));
  if (missing.length > 0) {
    throw invalidConfiguration(
      'scenarios',
      missing.map(({ exec, name }) => `scenario ${name}: function '${exec}' not found in exports`),
    );
  }
}

/** As they were written. */
export function scriptOptions(
  { optionsJson }: ScriptExports,
  { archived }: Pick<OptionLayers, 'archived'>,
): RawLayer {
  if (archived !== undefined) return archived;
  const options: unknown = optionsJson === undefined ? undefined : JSON.parse(optionsJson);
  return Object(options ?? {});
}

function applyNetworkOptions(run: RunState): void {
  const { dns, httpDebug, rps } = run.options;
  run.resolver = new Resolver(run.clock, run.random, dns ?? {});
  if (rps !== undefined && rps > 0) run.requestSlots = new RequestSlots(run.clock, rps);
  if (httpDebug !== undefined && httpDebug !== '')
    run.httpDebug = new HttpDebug(run.log, httpDebug === 'full');
}
