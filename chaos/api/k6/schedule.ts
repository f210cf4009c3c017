/** The parts of options and life cycle that are the same in all scripts. */
import http from 'k6/http';
import { nowMs, sleepMs } from './clock.ts';
import { phasesToJudge } from './phases.ts';
import type { ScriptSettings } from './settings.ts';

/** An open schedule: arrivals come at the rate and do not wait for answers. */
export function openSchedule(settings: ScriptSettings, exec: string, ratePerSecond: number) {
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

/** The harness must have everything else ready within this time. */
const answerWithinSeconds = 60;

/**
 * For the end of setup(): asks the harness when to start the load, and waits until then. The timeline of the faults counts from that moment. `earliestMs`
 * is an epoch time before which the load must not start, for a script whose setup arranges what happens in the load.
 */
export async function waitForStart(settings: ScriptSettings, earliestMs = 0): Promise<void> {
  await sleepUntil(earliestMs);
  if (settings.startUrl === '') return;
  const timeout = `${answerWithinSeconds}s`;
  const answer = await http.asyncRequest('GET', settings.startUrl, null, { timeout });
  if (answer.status !== 200) throw new Error(`the harness did not say when to start: ${answer.error}`);
  await sleepUntil((answer.json() as { loadStartMs: number }).loadStartMs);
}

async function sleepUntil(atMs: number): Promise<void> {
  const waitMs = atMs - nowMs();
  if (waitMs > 0) await sleepMs(waitMs);
}

/** handleSummary's answer: the whole summary as JSON for the report, and nothing on the terminal. */
export function summaryFiles(settings: ScriptSettings, data: unknown): Record<string, string> {
  return settings.summaryFile === '' ? {} : { [settings.summaryFile]: JSON.stringify(data) };
}
