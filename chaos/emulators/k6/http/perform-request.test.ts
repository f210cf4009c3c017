/** Requests that wait before they have a connection, for a slot of `rps` or for an address. */
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { RequestSpec } from '../api/host.ts';
import { GroupNode } from '../engine/groups.ts';
import { createRunState } from '../engine/run-state.ts';
import type { RunState } from '../engine/run-state.ts';
import { SampleBus } from '../engine/samples.ts';
import { FakeClock } from '../fake-clock.ts';
import { OpenFiles } from '../host/open-files.ts';
import { SecretSources } from '../host/secret-sources.ts';
import { SharedArrays } from '../host/shared-arrays.ts';
import { MetricRegistry } from '../metrics/registry.ts';
import { ScriptLog } from '../output/script-log.ts';
import { seededRandom } from '../../../random.ts';
import { HttpAgent } from './agent.ts';
import type { Endpoint } from './connection.ts';
import { CookieJar } from './cookie-jar.ts';
import { performRequest } from './perform-request.ts';
import { planRequest } from './request-plan.ts';
import { RequestSlots } from './request-slots.ts';
import { Resolver } from './resolver.ts';

class CountingAgent extends HttpAgent {
  dialed = 0;

  override dial(endpoint: Endpoint): ReturnType<HttpAgent['dial']> {
    this.dialed += 1;
    return super.dial(endpoint);
  }
}

function createRun(clock: FakeClock): RunState {
  return createRunState({
    clock,
    environment: {},
    files: new OpenFiles({ read: () => new Uint8Array() }),
    log: new ScriptLog({
      clock,
      consoleOutput: undefined,
      format: 'raw',
      main: undefined,
      redact: (text) => text,
      verbose: false,
    }),
    random: seededRandom('requests'),
    registry: new MetricRegistry(),
    rootGroup: new GroupNode('', ''),
    samples: new SampleBus([]),
    secrets: new SecretSources(new Map()),
    seed: undefined,
    sharedArrays: new SharedArrays(),
  });
}

function get(url: string, timeoutMs: number): RequestSpec {
  return {
    auth: '',
    body: undefined,
    compression: '',
    cookies: [],
    expected: null,
    headers: [],
    jar: undefined,
    method: 'GET',
    redirects: undefined,
    responseType: undefined,
    tags: {},
    throws: undefined,
    timeoutMs,
    url,
    urlName: undefined,
  };
}

async function startServer(): Promise<string> {
  const server = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/`;
}

test('a request that is cancelled while it waits for a slot is never sent', async () => {
  const clock = new FakeClock();
  const run = createRun(clock);
  using agent = new CountingAgent(clock);
  run.requestSlots = new RequestSlots(clock, 1);
  await run.requestSlots.take();
  const plan = planRequest(get('http://127.0.0.1:1/', 60_000), {});
  const underWay = performRequest(run, { agent }, plan, new CookieJar());
  await clock.advance(500);
  underWay.cancel();
  await clock.advance(1000);
  expect({ dialed: agent.dialed, pendingTimers: clock.pendingTimers }).toEqual({
    dialed: 0,
    pendingTimers: 0,
  });
});

test('a request that is cancelled while its host is looked up is never sent', async () => {
  const clock = new FakeClock();
  const run = createRun(clock);
  using agent = new CountingAgent(clock);
  const found = Promise.withResolvers<string>();
  run.resolver = new (class extends Resolver {
    override resolve(): Promise<string> {
      return found.promise;
    }
  })(clock, run.random, {});
  const plan = planRequest(get('http://service.test:1/', 60_000), {});
  const underWay = performRequest(run, { agent }, plan, new CookieJar());
  await clock.advance(1);
  underWay.cancel();
  found.resolve('127.0.0.1');
  await clock.advance(1);
  expect(agent.dialed).toBe(0);
});

test('the time spent waiting for a slot does not count towards the timeout', async () => {
  const clock = new FakeClock();
  const run = createRun(clock);
  using agent = new CountingAgent(clock);
  run.requestSlots = new RequestSlots(clock, 1);
  await run.requestSlots.take();
  const plan = planRequest(get(await startServer(), 300), {});
  const underWay = performRequest(run, { agent }, plan, new CookieJar());
  await clock.advance(1000);
  const { body, error, status } = await underWay.response;
  expect({ body, dialed: agent.dialed, error, status }).toEqual({
    body: 'hello',
    dialed: 1,
    error: '',
    status: 200,
  });
});
