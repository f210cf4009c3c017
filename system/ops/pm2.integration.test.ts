/** The processes under a real PM2, started from the list that an operator starts them from. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { Pm2Home } from '../testing/pm2-home.ts';
import { SpawnedProcess } from '../testing/spawned-process.ts';
import { adminToken, testEnvironment } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { daemonNames } from './health-check/health-check.ts';

const ecosystem = fileURLToPath(new URL('../ecosystem.config.cjs', import.meta.url));
const healthCheck = fileURLToPath(new URL('health-check/main.ts', import.meta.url));
const startGuardMs = 50_000;

/** Lets a process grow past its limit when it is asked to: by a signal, so that no process needs a door for it. */
const growBytes = 600 * 2 ** 20;
const ballast = `process.on('SIGUSR2', () => { globalThis.ballast = Buffer.alloc(${growBytes}, 1); });`;

let stack: TestStack;
let pm2: Pm2Home;
let apiUrl: string;

beforeAll(async () => {
  stack = await startTestStack();
  const port = await freePort();
  apiUrl = `http://127.0.0.1:${port}`;
  const { INSTANCE_ID: _named, ...environment } = testEnvironment(stack, {
    PORT: String(port),
    API_URL: apiUrl,
    TURN_LOCK_TTL_SECONDS: '1',
    PM2_WORKER_INTERVAL: '1000',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ballast)}`,
  });
  pm2 = await Pm2Home.open(environment);
  await pm2.run('start', ecosystem);
  await eventually('the API answers', async () => (await ask('/api/health')) !== undefined, startGuardMs);
}, 60_000);

afterAll(async () => {
  await pm2[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
}, 60_000);

/** The data of an answer with 200; undefined when there is none. */
async function ask(path: string): Promise<unknown> {
  try {
    const response = await fetch(apiUrl + path, { signal: AbortSignal.timeout(5_000) });
    if (response.status !== 200) return undefined;
    return z.object({ data: z.unknown() }).parse(await response.json()).data;
  } catch {
    return undefined;
  }
}

const healthSchema = z.looseObject({
  daemons: z.array(z.object({ name: z.string(), instance: z.string(), ageMs: z.number() })),
});

/** When each daemon last gave a sign of life. */
async function lastBeats(): Promise<ReadonlyMap<string, number>> {
  const health = healthSchema.safeParse(await ask('/api/health'));
  const daemons = health.success ? health.data.daemons : [];
  return new Map(daemons.map(({ name, instance, ageMs }) => [`${name}/${instance}`, Date.now() - ageMs]));
}

async function beatsAfter(names: readonly string[], timeMs: number): Promise<void> {
  await eventually(
    `${names.join(', ')} give a sign of life`,
    async () => {
      const beats = await lastBeats();
      return names.every((name) => (beats.get(`${name}/${name}`) ?? 0) > timeMs);
    },
    startGuardMs,
  );
}

const worldSchema = z.looseObject({ turn: z.number() });

async function turnOf(session: string): Promise<number> {
  const world = worldSchema.safeParse(await ask(`/api/sessions/${session}`));
  return world.success ? world.data.turn : -1;
}

async function advances(session: string): Promise<void> {
  const turn = await turnOf(session);
  await eventually('turns go on', async () => (await turnOf(session)) > turn + 1, startGuardMs);
}

async function plant(session: string): Promise<void> {
  const response = await fetch(`${apiUrl}/api/admin/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
    body: JSON.stringify({
      sessionId: session,
      seed: session,
      generals: 20,
      cities: 5,
      nations: 2,
      turnPeriodMs: 200,
    }),
  });
  expect(response.status).toBe(201);
}

/** Its exit status and the alerts it sent. */
async function checkHealth(): Promise<{ status: number | null; alerts: readonly unknown[] }> {
  await using tool = new SpawnedProcess({
    command: process.execPath,
    arguments: [healthCheck],
    environment: { ...pm2.environment, NODE_OPTIONS: '' },
  });
  await eventually('the health check ends', () => !tool.running, startGuardMs);
  const alerts = tool.lines.filter((line) => line['msg'] === 'alert').map((line) => line['alert']);
  return { status: await tool.end(), alerts };
}

it('starts every process under the Node of the project, and they work', async () => {
  const processes = await pm2.list();
  expect(processes.map(({ name }) => name).toSorted()).toEqual(['api', ...daemonNames]);
  for (const { nodeVersion } of processes) expect(nodeVersion).toBe(process.versions.node);
  await beatsAfter(daemonNames, 0);
  await plant('w');
  await advances('w');
  expect(await checkHealth()).toEqual({ status: 0, alerts: [] });
}, 90_000);

it('brings back what was killed, and it works again', async () => {
  const before = await pm2.list();
  for (const { pid } of before) process.kill(pid, 'SIGKILL');
  const killedAtMs = Date.now();
  await beatsAfter(daemonNames, killedAtMs);
  await advances('w');
  const after = await pm2.list();
  for (const { name, pid, restarts } of before) {
    const now = after.find((each) => each.name === name);
    expect(now).toMatchObject({ status: 'online', restarts: restarts + 1 });
    expect(now?.pid).not.toBe(pid);
  }
}, 90_000);

it('is looked after by the health check: a daemon that was stopped is reported and started again', async () => {
  await pm2.run('stop', 'battle-processor');
  expect((await pm2.find('battle-processor')).status).toBe('stopped');
  const stoppedAtMs = Date.now();
  const checked = await checkHealth();
  expect(checked).toEqual({ status: 1, alerts: ['battle-processor was down and has been restarted'] });
  await beatsAfter(['battle-processor'], stoppedAtMs);
}, 90_000);

it('restarts a daemon that grows over its memory limit, and no other', async () => {
  const before = await pm2.list();
  const large = await pm2.find('db-sync');
  process.kill(large.pid, 'SIGUSR2');
  const grownAtMs = Date.now();
  await eventually(
    'it is restarted',
    async () => {
      const now = await pm2.find('db-sync');
      return now.status === 'online' && now.pid !== large.pid && now.restarts > large.restarts;
    },
    startGuardMs,
  );
  await beatsAfter(['db-sync'], grownAtMs);
  await advances('w');
  const others = (processes: typeof before) =>
    processes.filter(({ name }) => name !== 'db-sync').map(({ name, restarts }) => ({ name, restarts }));
  expect(others(await pm2.list())).toEqual(others(before));
}, 90_000);
