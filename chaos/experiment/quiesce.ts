/**
 * Brings the system to rest, because most invariants speak of rest: everything healed and well, the daemons that make new work
 * stopped, what they left unfinished completed by an operator's replay, the queue drained, and the TTLs passed.
 */
import type { Limits } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import type { Observer } from '../observe/observer.ts';
import { until } from '../until.ts';
import { post, readHealth, readThrough } from './api-client.ts';
import type { SystemUnderTest } from './system-under-test.ts';
import { findUnfinished, type UnfinishedWork, workingDaemons } from './unfinished-work.ts';

const pollMs = 100;
const drainLimitMs = 15_000;
/** The first generals of a session are those that scripts write to most. */
const generalsRead = 10;

export interface Rest {
  /** Epoch milliseconds; null when the system did not come to rest. */
  readonly quiescedMs: number | null;
  readonly reason: string;
}

export async function quiesce(
  system: SystemUnderTest,
  observer: Observer,
  limits: Limits,
  clock: Clock,
  signal: AbortSignal,
): Promise<Rest> {
  const notAtRest = (reason: string): Rest => ({ quiescedMs: null, reason });
  const within = (limitMs: number, condition: () => Promise<boolean>): Promise<boolean> =>
    until(condition, { clock, limitMs, pollMs, signal });
  const apiUrl = system.apiUrls[0];
  if (apiUrl === undefined) return notAtRest('no API process runs');

  const well = await within(limits.recoveryMs, async () => {
    const health = await readHealth(apiUrl, signal);
    return health.serving && health.redisWell && health.mongoWell;
  });
  if (!well)
    return notAtRest(`the API did not report health within ${limits.recoveryMs} ms of the last heal`);

  const daemons = workingDaemons.flatMap((kind) => system.processes.ofKind(kind));
  await Promise.all(daemons.map((process) => process.stop()));
  let unfinished: readonly UnfinishedWork[] = [];
  const finished = await within(drainLimitMs, async () => {
    unfinished = await finishWork(apiUrl, observer, clock.nowMs(), signal);
    return unfinished.length === 0;
  });
  if (!finished) {
    const [first] = unfinished;
    return notAtRest(
      `${first?.what ?? 'work'} could not be finished within ${drainLimitMs} ms (${unfinished.length} pieces are left)`,
    );
  }

  const drained = await within(
    drainLimitMs,
    async () => (await readHealth(apiUrl, signal)).queueLength === 0,
  );
  if (!drained) return notAtRest(`the sync queue was not empty within ${drainLimitMs} ms`);

  await clock.sleep(limits.l1TtlMs + limits.invalidationMs, signal);
  await warmCaches(system, signal);
  return { quiescedMs: clock.nowMs(), reason: 'well, work finished, queue empty, L1 expired' };
}

/**
 * Reads the sessions and some generals once more through every API: an outage may have left the cache empty, and an empty cache
 * agrees with everything. A value that is cached is served as it is, so what is stale stays so.
 */
async function warmCaches(system: SystemUnderTest, signal: AbortSignal): Promise<void> {
  const paths = system.sessionIds.flatMap((id) => [
    `/api/sessions/${id}`,
    ...Array.from({ length: generalsRead }, (_, index) => `/api/sessions/${id}/generals/${index + 1}`),
  ]);
  await Promise.all(
    system.apiUrls.flatMap((url) => paths.map((path) => readThrough(`${url}${path}`, signal))),
  );
}

/** What is still unfinished, after the API was asked once to complete each piece of it. */
async function finishWork(
  apiUrl: string,
  observer: Observer,
  nowMs: number,
  signal: AbortSignal,
): Promise<readonly UnfinishedWork[]> {
  const unfinished = await findUnfinished(observer, nowMs);
  for (const { path } of unfinished) {
    // Under a key of its own each time: an answer that was remembered would complete nothing.
    const key = `rest-${nowMs}-${path}`.slice(-100);
    await post(`${apiUrl}${path}`, {}, key, signal).catch(() => undefined);
    signal.throwIfAborted();
  }
  return unfinished;
}
