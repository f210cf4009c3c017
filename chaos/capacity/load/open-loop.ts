/**
 * Arrivals at a rate, independent of answers: the gaps between them are drawn from an exponential distribution, as those of many independent users. An
 * arrival that finds no free connection waits, and its latency counts from when it should have been sent.
 */
import type { CapacityRoute } from '../../api/capacity.ts';
import type { Clock } from '../../clock.ts';
import { seededRandom } from '../../random.ts';
import { HttpConnection } from './http-connection.ts';
import type { LoadJob } from './job.ts';
import type { LoadRun } from './load-run.ts';
import { requestSource, type SourcedRequest } from './request-source.ts';

/** More requests than this at once wait in the generator; their latency counts all the same. */
const connectionsMax = 1_000;
const tickMs = 1;

export async function runOpenLoop(
  job: LoadJob,
  routes: readonly CapacityRoute[],
  ratePerSecond: number,
  run: LoadRun,
  clock: Clock,
): Promise<void> {
  const random = seededRandom(`${job.seed}/arrivals`);
  const draw = requestSource(job, routes);
  const gapMs = () => (-Math.log(1 - random.next()) * 1_000) / ratePerSecond;
  const waiting: { readonly intendedMs: number; readonly request: SourcedRequest }[] = [];
  let head = 0;
  const sent = new Set<{ readonly intendedMs: number; readonly startedMs: number }>();
  const free: HttpConnection[] = [];
  const all = new Set<HttpConnection>();
  let opened = 0;

  const take = (): HttpConnection | null => {
    for (let found = free.pop(); found !== undefined; found = free.pop()) {
      if (!found.closed) return found;
      all.delete(found);
    }
    if (all.size >= connectionsMax) return null;
    const connection = new HttpConnection(job.urls[(opened += 1) % job.urls.length] ?? '');
    all.add(connection);
    return connection;
  };
  const pump = (): void => {
    while (head < waiting.length) {
      const next = waiting[head];
      if (next === undefined) return;
      const connection = take();
      if (connection === null) return;
      head += 1;
      const request = { intendedMs: next.intendedMs, startedMs: run.elapsedMs() };
      sent.add(request);
      run.underWay += 1;
      connection.send(next.request, (status) => {
        if (!sent.delete(request)) return;
        run.underWay -= 1;
        run.record(request.intendedMs, request.startedMs, status);
        if (connection.closed) all.delete(connection);
        else free.push(connection);
        pump();
      });
    }
  };

  try {
    for (let nextMs = gapMs(); !run.sendingOver(); await clock.sleep(tickMs)) {
      for (const nowMs = run.elapsedMs(); nextMs <= nowMs; nextMs += gapMs())
        waiting.push({ intendedMs: nextMs, request: draw() });
      pump();
    }
    run.stopSending();
    const lastMs = run.elapsedMs() + job.patienceMs;
    while ((run.underWay > 0 || head < waiting.length) && run.elapsedMs() < lastMs) await clock.sleep(tickMs);
    // A request that is not answered by now is an error that lasted at least as long.
    for (const { intendedMs, startedMs } of sent) run.record(intendedMs, startedMs, 0);
    for (const { intendedMs } of waiting.slice(head)) run.record(intendedMs, run.elapsedMs(), 0);
    sent.clear();
  } finally {
    for (const connection of all) connection.destroy();
  }
}
