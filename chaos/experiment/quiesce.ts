/**
 * Brings the system to rest, because most invariants speak of rest: everything healed and well, the daemons that make new work
 * stopped, what they left unfinished completed by an operator's replay, the queue drained, and the TTLs passed.
 */
import { z } from 'zod';
import type { Limits } from '../../reports/record/report.ts';
import type { Clock } from '../clock.ts';
import type { Observer } from '../observe/observer.ts';
import { post, readHealth, readThrough } from './api-client.ts';
import type { SystemUnderTest } from './system-under-test.ts';

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
  const until = async (limitMs: number, condition: () => Promise<boolean>): Promise<boolean> => {
    const deadlineMs = clock.monotonicMs() + limitMs;
    while (clock.monotonicMs() < deadlineMs) {
      if (await condition()) return true;
      await clock.sleep(pollMs, signal);
    }
    return false;
  };
  const apiUrl = system.apiUrls[0];
  if (apiUrl === undefined) return notAtRest('no API process runs');

  const well = await until(limits.recoveryMs, async () => {
    const health = await readHealth(apiUrl, signal);
    return health.serving && health.redisWell && health.mongoWell;
  });
  if (!well)
    return notAtRest(`the API did not report health within ${limits.recoveryMs} ms of the last heal`);

  await Promise.all(system.processes.ofKind('turn-processor').map((process) => process.stop()));
  const finished = await until(drainLimitMs, () => finishTurns(apiUrl, observer, signal));
  if (!finished) return notAtRest(`a started turn could not be finished within ${drainLimitMs} ms`);

  const drained = await until(drainLimitMs, async () => (await readHealth(apiUrl, signal)).queueLength === 0);
  if (!drained) return notAtRest(`the sync queue was not empty within ${drainLimitMs} ms`);

  await clock.sleep(limits.l1TtlMs + limits.invalidationMs, signal);
  await warmCaches(system, signal);
  return { quiescedMs: clock.nowMs(), reason: 'well, turns finished, queue empty, L1 expired' };
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

const sessionSchema = z.object({
  _id: z.string(),
  turn: z.number(),
  turn_started: z.object({ turn: z.number() }).nullish(),
});

/** True when no session has a turn that was started and not finished; otherwise asks the API to process it. */
async function finishTurns(apiUrl: string, observer: Observer, signal: AbortSignal): Promise<boolean> {
  const documents = await observer.database.collection('sessions').find().toArray();
  const unfinished = documents
    .map((document) => sessionSchema.parse(document))
    .filter((session) => (session.turn_started?.turn ?? 0) > session.turn);
  for (const session of unfinished) {
    const turn = session.turn + 1;
    await post(
      `${apiUrl}/api/sessions/${session._id}/turns/${turn}`,
      {},
      `rest-${session._id}-${turn}`,
      signal,
    ).catch(() => undefined);
    signal.throwIfAborted();
  }
  return unfinished.length === 0;
}
