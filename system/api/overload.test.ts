import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import type { Api } from './api.ts';
import { answerError } from './answer-errors.ts';
import { addOverloadProtection } from './overload.ts';

let clock: ManualClock;
let app: Api;
let lateMs: number;
let held: PromiseWithResolvers<void>;

beforeEach(() => {
  clock = new ManualClock();
  lateMs = 0;
  held = Promise.withResolvers<void>();
  app = Fastify() as unknown as Api;
  app.setErrorHandler(answerError);
  addOverloadProtection(app, {
    clock,
    maxOpenRequests: 2,
    maxEventLoopDelayMs: 100,
    eventLoopDelay: () => ({ takeMs: () => lateMs, [Symbol.dispose]: () => undefined }),
  });
  for (const path of ['/api/work', '/api/health', '/metrics']) app.get(path, () => Promise.resolve('done'));
  app.get('/api/held', () => held.promise.then(() => 'done'));
});

afterEach(async () => {
  held.resolve();
  await app.close();
});

const statusOf = async (url: string): Promise<number> => (await app.inject({ url })).statusCode;

describe('while the event loop is late', () => {
  beforeEach(async () => {
    lateMs = 101;
    await clock.advance(200);
  });

  it('answers 503 with Retry-After and says why', async () => {
    const answer = await app.inject({ url: '/api/work' });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({
      error: { code: 'overloaded', message: 'the event loop is 101 ms late' },
    });
  });

  it('always serves monitoring routes', async () => {
    expect(await Promise.all(['/api/health', '/metrics'].map(statusOf))).toEqual([200, 200]);
  });

  it('serves again as soon as it has caught up', async () => {
    lateMs = 100;
    await clock.advance(200);
    expect(await statusOf('/api/work')).toBe(200);
  });
});

it('turns away what is beyond the requests it answers at once, until one of them is done', async () => {
  const open = [statusOf('/api/held'), statusOf('/api/held')];
  await new Promise((resolve) => setImmediate(resolve));
  expect(await statusOf('/api/work')).toBe(503);
  held.resolve();
  expect(await Promise.all(open)).toEqual([200, 200]);
  expect(await statusOf('/api/work')).toBe(200);
});
