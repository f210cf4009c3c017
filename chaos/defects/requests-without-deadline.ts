/** Stands in for `system/api/deadlines.ts`: a request gets all the time there is, and nobody ends its handler. */
import type { Api } from '../../system/api/api.ts';
import type { addDeadlines as rightAddDeadlines } from '../../system/api/deadlines.ts';
import { Deadline } from '../../system/deadline.ts';

const patienceMs = 3_600_000;

export function addDeadlines(app: Api, options: Parameters<typeof rightAddDeadlines>[1]): void {
  app.decorateRequest('deadline');
  app.addHook('onRequest', (request, _reply, done) => {
    request.deadline = new Deadline(options.clock, patienceMs);
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    request.deadline[Symbol.dispose]();
    done();
  });
}
