/** A Docker engine is no part of any provider yet; that it is there is worth knowing all the same. */
import { request } from 'node:http';
import { type Check, ok, optional } from '../finding.ts';

const deadlineMs = 2_000;
const standardSocket = '/var/run/docker.sock';

export const docker: Check = {
  name: 'Docker',
  run: async ({ environment }) => {
    const host = environment['DOCKER_HOST'];
    const socketPath = host?.startsWith('unix://') ? host.slice('unix://'.length) : standardSocket;
    if (host !== undefined && host !== '' && !host.startsWith('unix://')) {
      return optional(
        `DOCKER_HOST=${host} is not examined: only unix sockets are`,
        'none needed: the local stack works without',
      );
    }
    const failure = await ping(socketPath);
    if (failure === undefined) return ok(`engine answers at ${socketPath}`);
    return optional(`no engine at ${socketPath} (${failure})`, 'none needed: the local stack works without');
  },
};

/** Undefined when the engine answers, else the reason. */
function ping(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asking = request(
      { socketPath, path: '/_ping', signal: AbortSignal.timeout(deadlineMs) },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? undefined : `status ${answer.statusCode}`);
      },
    );
    asking.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    asking.end();
  });
}
