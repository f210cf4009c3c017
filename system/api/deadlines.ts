/** Gives every request a deadline and ends every handler by it, no matter what it waits for. */
import type { Clock } from '../clock.ts';
import { Deadline } from '../deadline.ts';
import { SystemError } from '../errors.ts';
import type { Api } from './api.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Made when the request arrives. */
    deadline: Deadline;
  }
}

interface DeadlineOptions {
  readonly clock: Clock;
  readonly requestMs: number;
  readonly adminMs: number;
}

/** Kept back from the budget, so that the answer itself is out in time. */
const reserveMs = 100;

export function addDeadlines(app: Api, options: DeadlineOptions): void {
  app.decorateRequest('deadline');
  app.addHook('onRequest', (request, _reply, done) => {
    const budgetMs = request.url.startsWith('/api/admin/') ? options.adminMs : options.requestMs;
    request.deadline = new Deadline(options.clock, Math.max(budgetMs - reserveMs, budgetMs / 2));
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    request.deadline[Symbol.dispose]();
    done();
  });
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function (request, reply) {
      const work: unknown = handler.call(this, request, reply);
      if (!(work instanceof Promise)) throw new SystemError('internal', 'handlers are async');
      return request.deadline.race(work);
    };
  });
}
