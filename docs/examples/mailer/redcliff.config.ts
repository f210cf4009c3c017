// A service without MongoDB that depends on a mail provider, a server of any protocol that is reached by TCP.
import { defineScenario, defineTarget, invariant } from 'redcliff';

const confirmed = invariant({
  name: 'confirmed',
  title: 'Every order that was accepted is confirmed by mail',
  check: (operations, state) => {
    const sent = new Set(state.keys(/^sent:/).map(({ key }) => key));
    return operations
      .filter(({ type, value }) => type === 'ok' && !sent.has(`sent:${value['order']}`))
      .map((operation) => ({
        summary: `order ${operation.value['order']} was accepted, but no mail was sent`,
        operations: [operation],
      }));
  },
});

export default defineTarget({
  name: 'mailer',
  title: 'Mails by way of a provider that is reached by TCP',
  processes: { api: { command: ['node', 'server.js'], port: 'PORT', ready: { http: '/health' } } },
  needs: { mail: { command: ['node', 'mail-server.js'], port: 'PORT' } },
  env: ({ redis, to }) => ({
    REDIS_URL: redis.url,
    MAIL_HOST: to('mail').host,
    MAIL_PORT: String(to('mail').port),
  }),
  atRest: async ({ redis }) => ((await redis.llen('waiting')) === 0 ? true : 'mails wait'),
  health: { path: '/health', read: ({ status }) => ({ well: status === 200 }) },
  scenarios: [
    defineScenario({
      name: 'confirmations',
      script: 'confirm.k6.ts',
      rate: 20,
      duration: '6s',
      faults: ['mail-down', 'mail-hang', 'redis-down'],
      invariants: [confirmed],
    }),
  ],
});
