// Sends mail through a provider: each order is confirmed at least once, for it is kept in Redis until the provider has taken it.
// MAILER_BUG=forget answers before the mail is kept, and gives it up when the provider does not answer.
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { Redis } from 'ioredis';

const redis = new Redis(process.env.REDIS_URL, {
  commandTimeout: 500,
  maxRetriesPerRequest: 1,
  retryStrategy: () => 50,
});
redis.on('error', () => undefined);
const forget = process.env.MAILER_BUG === 'forget';
const providerDeadlineMs = 400;

/** Resolves to whether the provider took it. */
function deliver(id) {
  return new Promise((resolve) => {
    const socket = connect(Number(process.env.MAIL_PORT), process.env.MAIL_HOST);
    const end = (taken) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(providerDeadlineMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', () => end(true));
    socket.once('connect', () => socket.write(`${JSON.stringify({ id })}\n`));
  });
}

/** In one step, so that none is lost between the two. */
const sent = (id) => redis.multi().set(`sent:${id}`, 'true').lrem('waiting', 1, id).exec();

async function deliverAll() {
  for (;;) {
    const id = await redis.lindex('waiting', 0).catch(() => null);
    if (id !== null && (await deliver(id))) await sent(id).catch(() => undefined);
    // A provider that is down refuses at once.
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const server = createServer(async (request, response) => {
  const [, , id = ''] = (request.url ?? '').split('/');
  const answer = (status) => response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  if (request.url === '/health') return answer((await redis.ping().catch(() => '')) === 'PONG' ? 200 : 503);
  if (forget) {
    void deliver(id).then((taken) => (taken ? sent(id).catch(() => undefined) : null));
    return answer(202);
  }
  const kept = await redis.rpush('waiting', id).catch(() => 0);
  answer(kept > 0 ? 202 : 503);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
void deliverAll();
