// What Redcliff has to know of the cart service: how to start it, what it needs, how to load it, and what must hold afterwards.
import { defineScenario, defineTarget, invariant } from 'redcliff';

const linesKept = invariant({
  name: 'lines-kept',
  title: 'A line that was added is in its cart or in one order',
  check: (operations, state) => {
    const places = new Map<string, number>();
    for (const { lines } of [...state.documents('carts'), ...state.documents('orders')])
      for (const { line } of lines as { line: string }[]) places.set(line, (places.get(line) ?? 0) + 1);
    const added = operations.filter(({ f }) => f === 'add line');
    const lost = added.filter(({ type, value }) => type === 'ok' && !places.has(String(value['line'])));
    const twice = [...places].filter(([, count]) => count > 1);
    return [
      ...lost.map((operation) => ({
        summary: `line ${operation.value['line']} was added to cart ${operation.value['cart']}, and is neither in it nor in an order`,
        operations: [operation],
      })),
      ...twice.map(([line, count]) => ({
        summary: `line ${line} is in ${count} places`,
        operations: operations.filter(({ value }) => value['line'] === line),
      })),
    ];
  },
});

export default defineTarget({
  name: 'cart',
  title: 'Shopping carts in MongoDB with a cache and a lock in Redis',
  processes: {
    api: { command: ['node', 'server.js'], count: 2, port: 'PORT', ready: { http: '/health' } },
  },
  env: ({ redis, mongo }) => ({ REDIS_URL: redis.url, MONGODB_URI: mongo.uri }),
  health: { path: '/health', read: ({ status }) => ({ well: status === 200 }) },
  limits: { requestDeadlineMs: 3_000, recoveryMs: 15_000 },
  scenarios: [
    defineScenario({
      name: 'checkout',
      title: 'Lines are added, carts are read and checked out',
      script: 'checkout.k6.ts',
      rate: 30,
      duration: '6s',
      world: { carts: 10 },
      faults: ['mongo-down', 'redis-down', 'api-killed'],
      invariants: [linesKept],
    }),
  ],
});
