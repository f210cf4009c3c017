import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../testing/api-client.ts';
import { openTestSystem } from '../testing/open-test-system.ts';
import type { SpawnedProcess } from '../testing/spawned-process.ts';
import { adminToken, launchProcess, startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { buildServer } from './server.ts';

let stack: TestStack;
let sync: SpawnedProcess;
let api: ApiClient;

beforeAll(async () => {
  stack = await startTestStack();
  sync = await startProcess(stack, 'db-sync');
  api = await ApiClient.start(stack);
  await api.admin('/api/admin/sessions', {
    sessionId: 'w1',
    seed: 'contract',
    generals: 20,
    cities: 8,
    nations: 3,
    turnPeriodMs: 3_600_000,
  });
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await sync[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

describe('reads', () => {
  it.each([
    ['/api/sessions/w1', { _id: 'w1', turn: 0, turn_started: null }],
    ['/api/sessions/w1/generals/7', { _id: 'w1:g7', no: 7, session_id: 'w1', version: 1 }],
    ['/api/sessions/w1/cities/3', { _id: 'w1:c3', city: 3 }],
    ['/api/sessions/w1/nations/2', { _id: 'w1:n2', nation: 2, status: 'active' }],
  ])('GET %s gives the document, from the database and from the cache alike', async (path, expected) => {
    const first = await api.get(path);
    expect(first).toMatchObject({ status: 200, data: expected });
    expect(await api.get(path)).toMatchObject({ status: 200, data: first.data });
  });

  it.each([
    ['/api/sessions/w1/generals', 20],
    ['/api/sessions/w1/cities', 8],
    ['/api/sessions/w1/nations', 3],
  ])('GET %s gives the whole list', async (path, length) => {
    const { status, data } = await api.get(path);
    expect(status).toBe(200);
    expect(data).toHaveLength(length);
  });

  it.each([
    ['/api/sessions/nowhere', 'session_unknown'],
    ['/api/sessions/nowhere/generals', 'session_unknown'],
    ['/api/sessions/w1/generals/99', 'general_unknown'],
    ['/api/sessions/w1/cities/99', 'city_unknown'],
    ['/api/sessions/w1/nations/99', 'nation_unknown'],
    ['/api/sessions/w1/armies/1', 'route_unknown'],
    ['/', 'route_unknown'],
  ])('GET %s is a 404 that says %s', async (path, code) => {
    expect(await api.get(path)).toMatchObject({ status: 404, error: { code, definite: true } });
  });

  it.each([
    ['/api/sessions/w1/generals/0', 'no'],
    ['/api/sessions/w1/generals/-1', 'no'],
    ['/api/sessions/w1/generals/1.5', 'no'],
    ['/api/sessions/w1/generals/seven', 'no'],
    ['/api/sessions/w1/cities/1e3', 'city'],
    ['/api/sessions/w1/nations/9999999999', 'nation'],
    ['/api/sessions/w*', 'id'],
    [`/api/sessions/${'x'.repeat(65)}`, 'id'],
  ])('GET %s is a 400 that names %s', async (path, field) => {
    expect(await api.get(path)).toMatchObject({
      status: 400,
      error: { code: 'bad_request', field, definite: true },
    });
  });
});

describe('POST …/actions', () => {
  const path = '/api/sessions/w1/generals/1/actions';

  it('takes effect once for one Idempotency-Key', async () => {
    const command = { command: 'reserve', slot: 4, order: 'march on Xuchang' };
    const headers = { 'idempotency-key': 'first' };
    const applied = await api.post(path, command, headers);
    expect(applied).toMatchObject({
      status: 200,
      outcome: 'applied',
      data: { no: 1, version: 2, actionCount: 1 },
    });
    const again = await api.post(path, command, headers);
    expect(again).toMatchObject({ status: 200, outcome: 'already', data: applied.data });
    const other = await api.post(path, { ...command, slot: 5 }, headers);
    expect(other).toMatchObject({
      status: 409,
      error: { code: 'idempotency_key_reused', field: 'idempotency-key' },
    });
    expect((await api.get('/api/sessions/w1/generals/1')).data).toMatchObject({
      version: 2,
      action_count: 1,
      orders: { 4: 'march on Xuchang' },
    });
  });

  it('applies every one of many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        api.post('/api/sessions/w1/generals/2/actions', { command: 'train', amount: 1 }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const versions = answers.map(({ data }) => (data as { version: number }).version);
    expect(new Set(versions).size).toBe(20);
    expect((await api.get('/api/sessions/w1/generals/2')).data).toMatchObject({
      version: 21,
      action_count: 20,
    });
  });

  it.each([
    [{ command: 'flee' }, 'command'],
    [{ command: 'reserve', slot: 50, order: 'x' }, 'slot'],
    [{ command: 'reserve', slot: 1 }, 'order'],
    [{ command: 'train', amount: -1 }, 'amount'],
    [{ command: 'train', amount: 1, extra: 1 }, 'extra'],
    [[], 'body'],
    ['{"command":', 'body'],
    [undefined, 'body'],
  ])('answers 400 to %j and names %s', async (body, field) => {
    expect(await api.post(path, body)).toMatchObject({ status: 400, error: { code: 'bad_request', field } });
  });

  it.each([
    ['/api/sessions/w1/generals/999/actions', 404, 'general_unknown'],
    ['/api/sessions/nowhere/generals/1/actions', 404, 'general_unknown'],
    ['/api/sessions/w1/generals/x/actions', 400, 'bad_request'],
  ])('answers %s with %d %s', async (target, status, code) => {
    expect(await api.post(target, { command: 'train', amount: 1 })).toMatchObject({
      status,
      error: { code },
    });
  });

  it('refuses keys, types and sizes it does not take', async () => {
    const command = { command: 'train', amount: 1 };
    expect(await api.post(path, command, { 'idempotency-key': 'with space' })).toMatchObject({
      status: 400,
      error: { field: 'idempotency-key' },
    });
    expect(
      await api.post(path, 'x=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    ).toMatchObject({
      status: 415,
      error: { code: 'media_type_unsupported' },
    });
    const large = { command: 'reserve', slot: 1, order: 'x'.repeat(100_000) };
    expect(await api.post(path, large)).toMatchObject({ status: 413, error: { code: 'body_too_large' } });
  });
});

describe('POST …/turns/:turn', () => {
  it('processes the next turn once, replays it without effect and refuses a gap', async () => {
    expect(await api.post('/api/sessions/w1/turns/1')).toMatchObject({
      status: 200,
      outcome: 'applied',
      data: { turn: 1, currentTurn: 1 },
    });
    expect(await api.post('/api/sessions/w1/turns/1')).toMatchObject({ status: 200, outcome: 'already' });
    expect(await api.post('/api/sessions/w1/turns/3')).toMatchObject({
      status: 409,
      error: { code: 'turn_not_due', field: 'turn', definite: true },
    });
    expect((await api.get('/api/sessions/w1')).data).toMatchObject({ turn: 1, turn_started: null });
    const { data } = await api.get('/api/sessions/w1/generals');
    for (const general of data as unknown[]) expect(general).toMatchObject({ turns_lived: 1, last_turn: 1 });
  });

  it.each([
    ['/api/sessions/w1/turns/0', 400, 'bad_request'],
    ['/api/sessions/w1/turns/next', 400, 'bad_request'],
    ['/api/sessions/nowhere/turns/1', 404, 'session_unknown'],
  ])('answers %s with %d %s', async (path, status, code) => {
    expect(await api.post(path)).toMatchObject({ status, error: { code } });
  });
});

describe('the admin routes', () => {
  const world = { seed: 1, generals: 1, cities: 1, nations: 1 };

  it.each(['/api/admin/sessions', '/api/admin/cache/preload'])('%s needs the token', async (path) => {
    expect(await api.post(path, world)).toMatchObject({ status: 401, error: { code: 'unauthorized' } });
    const headers = { authorization: 'Bearer wrong' };
    expect(await api.post(path, world, headers)).toMatchObject({ status: 401 });
  });

  it.each([
    [{ ...world, generals: 0 }, 'generals'],
    [{ ...world, cities: '1' }, 'cities'],
    [{ ...world, nations: 101 }, 'nations'],
    [{ ...world, seed: '' }, 'seed'],
    [{ ...world, sessionId: 'a b' }, 'sessionId'],
    [{ ...world, turnPeriodMs: 1 }, 'turnPeriodMs'],
    [{ ...world, turns: 1 }, 'turns'],
  ])('answers 400 to the world %j and names %s', async (body, field) => {
    expect(await api.admin('/api/admin/sessions', body)).toMatchObject({ status: 400, error: { field } });
  });

  it('makes a world once', async () => {
    expect(await api.admin('/api/admin/sessions', { ...world, sessionId: 'w1' })).toMatchObject({
      status: 409,
      error: { code: 'session_exists', definite: true },
    });
    const made = await api.admin('/api/admin/sessions', world);
    expect(made).toMatchObject({ status: 201, data: { generals: 1, cities: 1, nations: 1 } });
    const { sessionId } = made.data as { sessionId: string };
    expect((await api.get(`/api/sessions/${sessionId}`)).data).toMatchObject({
      seed: '1',
      turn_period_ms: 60_000,
    });
  });

  describe('with an Idempotency-Key', () => {
    const make = (key: string, body: object = world) =>
      api.post('/api/admin/sessions', body, {
        authorization: `Bearer ${adminToken}`,
        'idempotency-key': key,
      });
    const sessionOf = (answer: { readonly data?: unknown }) =>
      (answer.data as { sessionId: string }).sessionId;

    it('make one world, however often it is asked for', async () => {
      const made = await make('world-1');
      expect(made).toMatchObject({ status: 201, outcome: 'applied', data: { generals: 1 } });
      expect(await make('world-1')).toMatchObject({ status: 200, outcome: 'already', data: made.data });
      const other = await make('world-2');
      expect(other.status).toBe(201);
      expect(sessionOf(other)).not.toBe(sessionOf(made));
    });

    it('make one world when it is asked for at once', async () => {
      const asked = await Promise.all([1, 2, 3, 4].map(() => make('world-3')));
      expect(asked.filter(({ status }) => status === 201)).toHaveLength(1);
      const again = await make('world-3');
      for (const answer of [...asked, again].filter(({ status }) => status < 300)) {
        expect(sessionOf(answer)).toBe(sessionOf(again));
      }
    });

    it('refuse another world under the same key, and a name that is taken under another', async () => {
      const named = { ...world, sessionId: 'named' };
      expect((await make('world-4', named)).status).toBe(201);
      expect(await make('world-4', { ...named, generals: 2 })).toMatchObject({
        status: 409,
        error: { code: 'idempotency_key_reused', field: 'idempotency-key' },
      });
      expect(await make('world-5', named)).toMatchObject({ status: 409, error: { code: 'session_exists' } });
      expect(await make('world-4', named)).toMatchObject({ status: 200, outcome: 'already' });
    });
  });

  it('warms the cache', async () => {
    const warmed = await api.admin('/api/admin/cache/preload', { sessionId: 'w1' });
    expect(warmed).toMatchObject({ status: 200, data: { sessions: 1, entities: 32 } });
    expect(await api.admin('/api/admin/cache/preload')).toMatchObject({ status: 200 });
  });
});

describe('what an operator sees', () => {
  it('GET /api/health tells of Redis, MongoDB, the queue and the daemons', async () => {
    const { status, data } = await api.get('/api/health');
    expect(status).toBe(200);
    expect(data).toMatchObject({
      redis: 'up',
      mongo: 'up',
      queue: { length: expect.any(Number), oldestAgeMs: expect.any(Number) },
      daemons: [{ name: 'db-sync', instance: expect.any(String), ageMs: expect.any(Number) }],
    });
  });

  it('GET /metrics speaks Prometheus', async () => {
    const response = await fetch(`${api.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(/opensam_cache_hits_total\{layer="l1"\} [1-9]/);
    expect(text).toMatch(/opensam_saves_total\{path="queue",outcome="applied"\} [1-9]/);
  });

  it('GET /api/openapi.json describes every route', async () => {
    const response = await fetch(`${api.url}/api/openapi.json`);
    expect(await response.json()).toMatchObject({
      openapi: expect.stringMatching(/^3/),
      paths: {
        '/api/sessions/{id}/turns/{turn}': { post: {} },
        '/api/sessions/{id}/generals/{no}/actions': { post: { requestBody: {} } },
      },
    });
  });

  it("every answer carries a request id, the client's own if it is fit", async () => {
    const given = await api.call('GET', '/api/sessions/w1', { headers: { 'x-request-id': 'mine-1' } });
    expect(given.headers.get('x-request-id')).toBe('mine-1');
    const unfit = await api.call('GET', '/nowhere', { headers: { 'x-request-id': 'not fit' } });
    expect(unfit.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the process', () => {
  it('names every wrong variable and ends with status 64', async () => {
    await using wrong = launchProcess(stack, 'api', { PORT: 'x', REDIS_URL: '' });
    expect(await wrong.end('SIGCONT')).toBe(64);
    expect(wrong.stderr).toMatch(/PORT: "x" is not valid/);
    expect(wrong.stderr).toMatch(/REDIS_URL: is missing/);
  });

  it('stops cleanly on SIGTERM', async () => {
    await using other = await ApiClient.start(stack);
    expect((await other.get('/api/health')).status).toBe(200);
    expect(await other.process.end('SIGTERM')).toBe(0);
  });
});

describe('an API that is asked for more than it answers at once', () => {
  it('turns the rest away with 503 and Retry-After', async () => {
    await using system = await openTestSystem(stack, { MAX_OPEN_REQUESTS: '1' });
    const app = await buildServer(system);
    try {
      const answers = await Promise.all(
        ['1', '2', '3'].map((no) => app.inject({ url: `/api/sessions/w1/generals/${no}` })),
      );
      const statuses = answers.map(({ statusCode }) => statusCode).toSorted();
      expect(statuses).toEqual([200, 503, 503]);
      const away = answers.filter(({ statusCode }) => statusCode === 503);
      expect(away.map(({ headers }) => headers['retry-after'])).toEqual(['1', '1']);
    } finally {
      await app.close();
    }
  });
});
