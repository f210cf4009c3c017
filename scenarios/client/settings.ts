/** What the harness tells a script through the environment; every name is checked when the script is loaded. */
import { parseFaultSpan, phases, type FaultSpan, type Phase } from './phases.ts';

export interface ScriptSettings {
  /** Base addresses of the API processes, without a trailing slash. */
  readonly apiUrls: readonly string[];
  readonly sessionIds: readonly string[];
  readonly generals: number;
  readonly cities: number;
  readonly nations: number;
  readonly battles: number;
  readonly tournaments: number;
  /** For each session the owners of item 1, 2, …, as the world was seeded. */
  readonly itemOwners: readonly (readonly number[])[];
  readonly seed: string;
  readonly durationMs: number;
  readonly ratePerSecond: number;
  readonly maxVus: number;
  /** Epoch milliseconds at which the load starts. */
  readonly loadStartMs: number;
  /** How long a client waits for an answer. */
  readonly patienceMs: number;
  readonly unavailableShareMax: number;
  /** When the faults are planned; null for an undisturbed run. */
  readonly faultSpan: FaultSpan | null;
  /** Largest share of operations of a phase that the system may not serve; absent for a phase without a limit of its own. */
  readonly unavailableInPhaseMax: Partial<Record<Phase, number>>;
  /** File for the end-of-test summary; empty for none. */
  readonly summaryFile: string;
}

export function readSettings(): ScriptSettings {
  return {
    apiUrls: text('API_URLS').split(','),
    sessionIds: text('SESSION_IDS').split(','),
    generals: number('GENERALS'),
    cities: number('CITIES'),
    nations: number('NATIONS'),
    battles: number('BATTLES'),
    tournaments: number('TOURNAMENTS'),
    itemOwners: (__ENV['ITEM_OWNERS'] ?? '').split(';').map(numbers),
    seed: text('SEED'),
    durationMs: number('DURATION_MS'),
    ratePerSecond: number('RATE_PER_SECOND'),
    maxVus: number('MAX_VUS'),
    loadStartMs: number('LOAD_START_MS'),
    patienceMs: number('PATIENCE_MS'),
    unavailableShareMax: number('UNAVAILABLE_SHARE_MAX'),
    faultSpan: parseFaultSpan(__ENV['FAULT_SPAN_MS'] ?? ''),
    unavailableInPhaseMax: sharesByPhase(),
    summaryFile: __ENV['SUMMARY_FILE'] ?? '',
  };
}

function sharesByPhase(): Partial<Record<Phase, number>> {
  const given = phases.flatMap((phase) => {
    const name = `UNAVAILABLE_SHARE_MAX_IN_${phase.toUpperCase()}`;
    return (__ENV[name] ?? '') === '' ? [] : [[phase, number(name)] as const];
  });
  return Object.fromEntries(given);
}

function numbers(list: string): number[] {
  return list === '' ? [] : list.split(',').map(Number);
}

function text(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '') throw new Error(`${name} is missing: give it with -e ${name}=…`);
  return value;
}

function number(name: string): number {
  const value = Number(text(name));
  if (!Number.isFinite(value)) throw new Error(`${name} must be a number, but is "${__ENV[name]}"`);
  return value;
}
