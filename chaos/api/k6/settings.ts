/**
 * The settings that the harness passes to a script: a JSON file whose path is in the environment variable REDCLIFF_SETTINGS. The harness writes this type,
 * and scripts read it here, so both sides share one definition.
 */
import type { FaultSpan, Phase } from './phases.ts';

export const settingsVariable = 'REDCLIFF_SETTINGS';

export interface ScriptSettings {
  /** Base addresses by role, without a slash at the end. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  /** Those of the first role that serves requests. */
  readonly baseUrls: readonly string[];
  /** What the target's `seed` returned. */
  readonly world: Readonly<Record<string, unknown>>;
  readonly seed: string;
  readonly durationMs: number;
  readonly ratePerSecond: number;
  readonly maxVus: number;
  /** Where to ask when to start the load; empty to start at once. */
  readonly startUrl: string;
  /** How long a client waits for an answer. */
  readonly timeoutMs: number;
  /** Largest share of operations that may go unserved. */
  readonly maxErrorRate: number;
  /** The same within a phase; absent for a phase without a limit of its own. */
  readonly maxErrorRateInPhase: Partial<Record<Phase, number>>;
  /** When the faults are planned; null for an undisturbed run. */
  readonly faultSpan: FaultSpan | null;
  /** File for the end-of-test summary; empty for none. */
  readonly summaryFile: string;
}

/** The type that each setting has in the file. */
export const settingKinds: Readonly<Record<keyof ScriptSettings, 'number' | 'object' | 'string'>> = {
  urls: 'object',
  baseUrls: 'object',
  world: 'object',
  seed: 'string',
  durationMs: 'number',
  ratePerSecond: 'number',
  maxVus: 'number',
  startUrl: 'string',
  timeoutMs: 'number',
  maxErrorRate: 'number',
  maxErrorRateInPhase: 'object',
  faultSpan: 'object',
  summaryFile: 'string',
};

/** Call it in the init code of a script. Throws an error that names the variable or the field that is wrong. */
export function readSettings(): ScriptSettings {
  const file = __ENV[settingsVariable] ?? '';
  if (file === '') {
    throw new Error(
      `${settingsVariable} is missing: run the script with redcliff run, or pass the path of a settings file with -e ${settingsVariable}=FILE`,
    );
  }
  const settings = JSON.parse(open(file)) as ScriptSettings;
  for (const [field, kind] of Object.entries(settingKinds)) {
    const found: unknown = settings[field as keyof ScriptSettings];
    if (typeof found !== kind) throw new Error(`${file}: ${field} must be a ${kind}, but is ${typeof found}`);
  }
  return settings;
}
