/** The parts of options and life cycle that are the same in all scripts. */
import { phasesToJudge } from './phases.ts';
import type { ScriptSettings } from './settings.ts';

/** An open schedule: arrivals come at the rate, the scenario's own when absent, and do not wait for answers. */
export function openSchedule(settings: ScriptSettings, exec: string, ratePerSecond = settings.ratePerSecond) {
  return {
    executor: 'constant-arrival-rate' as const,
    exec,
    rate: ratePerSecond,
    timeUnit: '1s',
    duration: `${settings.durationMs}ms`,
    preAllocatedVUs: settings.maxVus,
    maxVUs: settings.maxVus,
    gracefulStop: `${settings.timeoutMs + 1_000}ms`,
  };
}

/** Thresholds of every script, over the whole load and within its phases. A client gives up after its timeout, so a latency beyond it is never the target's alone. */
export function thresholds(settings: ScriptSettings): Record<string, string[]> {
  const withinPhases = phasesToJudge(settings).flatMap((phase) => {
    const share = settings.maxErrorRateInPhase[phase];
    return share === undefined ? [] : [[`redcliff_unavailable{phase:${phase}}`, [`rate<=${share}`]] as const];
  });
  return {
    ...Object.fromEntries(withinPhases),
    redcliff_unavailable: [`rate<=${settings.maxErrorRate}`],
    redcliff_latency: [`p(99)<=${settings.timeoutMs}`],
  };
}

/** handleSummary's answer: the whole summary as JSON for the report, and nothing on the terminal. */
export function summaryFiles(settings: ScriptSettings, data: unknown): Record<string, string> {
  return settings.summaryFile === '' ? {} : { [settings.summaryFile]: JSON.stringify(data) };
}
