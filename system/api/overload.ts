/**
 * Turns requests away while this process cannot keep up: a request that would wait behind a thousand others costs the same work and
 * meets its deadline unanswered. Two signs are watched: requests that are open, and how late the event loop is.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../clock.ts';
import { SystemError } from '../errors.ts';
import type { Api } from './api.ts';

interface OverloadOptions {
  readonly clock: Clock;
  /** Requests answered at once. */
  readonly maxOpenRequests: number;
  readonly maxEventLoopDelayMs: number;
  readonly eventLoopDelay: () => EventLoopDelay;
}

export interface EventLoopDelay extends Disposable {
  /** Milliseconds by which the event loop was late at most since this was asked last. */
  takeMs(): number;
}

const sampleMs = 200;
/** Routes for monitoring and administration are always served, especially under load. */
const alwaysServed = /^\/(?:api\/(?:admin\/|health|openapi\.json)|metrics)/;

/** Refuses with `overloaded`, answered by 503 and Retry-After, before anything is read or done. */
export function addOverloadProtection(app: Api, options: OverloadOptions): void {
  const { clock, maxOpenRequests, maxEventLoopDelayMs } = options;
  const delay = options.eventLoopDelay();
  let delayMs = 0;
  let sampling: Disposable;
  const sample = (): void => {
    delayMs = delay.takeMs();
    sampling = clock.timer(sampleMs, sample);
  };
  sample();
  let open = 0;
  app.addHook('onRequest', (request, reply, done) => {
    open += 1;
    // Also when the client went away before its answer.
    reply.raw.once('close', () => {
      open -= 1;
    });
    if (alwaysServed.test(request.url)) done();
    else if (open > maxOpenRequests) done(new SystemError('overloaded', `${open - 1} requests are open`));
    else if (delayMs > maxEventLoopDelayMs) {
      done(new SystemError('overloaded', `the event loop is ${Math.round(delayMs)} ms late`));
    } else done();
  });
  app.addHook('onClose', (_app, done) => {
    sampling[Symbol.dispose]();
    delay[Symbol.dispose]();
    done();
  });
}

const resolutionMs = 20;

/** Of this process, by Node's own histogram. */
export function measureEventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    takeMs: () => {
      // The histogram counts the time between two ticks of its timer, which are `resolution` apart at the least.
      const lateMs = histogram.max / 1e6 - resolutionMs;
      histogram.reset();
      return Math.max(0, lateMs);
    },
    [Symbol.dispose]: () => histogram.disable(),
  };
}
