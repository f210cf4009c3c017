/**
 * A number of connections, each sending again when it was answered, by autocannon: concurrency is given, and the rate follows. A request is
 * intended for the moment in which its connection was answered before, and its latency counts from there. Only the moments are taken from autocannon:
 * its own correction of latencies takes the seconds between two requests for milliseconds.
 */
import autocannon from 'autocannon';
import type { CapacityRoute } from '../../api/capacity.ts';
import type { Clock } from '../../clock.ts';
import type { LoadJob } from './job.ts';
import type { LoadRun } from './load-run.ts';
import { requestSource } from './request-source.ts';

const pollMs = 20;

export async function runClosedLoop(
  job: LoadJob,
  routes: readonly CapacityRoute[],
  connections: number,
  run: LoadRun,
  clock: Clock,
): Promise<void> {
  const draw = requestSource(job, routes);
  const instance = autocannon({
    url: job.urls,
    connections,
    duration: (2 * job.durationMsMax) / 1_000,
    timeout: job.patienceMs / 1_000,
    sampleInt: pollMs,
    skipAggregateResult: true,
    requests: [
      {
        setupRequest: (request) => {
          const { method, path, body, headers } = draw();
          return {
            ...request,
            method,
            path,
            headers: { ...headers },
            ...(body === undefined ? {} : { body }),
          };
        },
      },
    ],
  });
  run.underWay = connections;
  /** When each connection was last answered, which is when its next request was due. */
  const lastEndedMs = new Map<unknown, number>();
  instance.on('response', (client: unknown, status: number, _bytes: number, durationMs: number) => {
    const nowMs = run.elapsedMs();
    const intendedMs = lastEndedMs.get(client) ?? nowMs - durationMs;
    run.record(intendedMs, nowMs - durationMs, status);
    lastEndedMs.set(client, nowMs);
  });
  instance.on('reqError', () => {
    const startedMs = Math.max(0, run.elapsedMs() - job.patienceMs);
    run.record(startedMs, startedMs, 0);
  });
  while (!run.sendingOver()) await clock.sleep(pollMs);
  run.stopSending();
  instance.stop();
  await instance;
}
