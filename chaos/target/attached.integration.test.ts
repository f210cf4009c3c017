import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseReport } from '../../reports/record/read-report.ts';
import { scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';
import { freePort } from '../stack/free-port.ts';

const script = `import { arrival, openSchedule, perform, readSettings, summaryFiles, thresholds, waitForStart } from 'redcliff/k6';
const settings = readSettings();
export const options = { scenarios: { clients: openSchedule(settings, 'clients') }, thresholds: thresholds(settings) };
export const setup = () => waitForStart(settings);
export const handleSummary = (data) => summaryFiles(settings, data);
export async function clients() {
  await perform(settings, arrival(settings), { f: 'get', kind: 'read', method: 'GET', path: '/', subject: {} });
}
`;
const answerWithinMs = 300;
const reconnectMs = 50;

/** Runs in this process: nothing that Redcliff starts. It keeps one connection to Redis, and answers 503 while there is none. */
async function serviceOn(redisPort: number | null) {
  let redis: Socket | null = null;
  let ending = false;
  const dial = (): void => {
    if (ending || redisPort === null) return;
    const socket = connect(redisPort, '127.0.0.1');
    socket.on('connect', () => (redis = socket));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      redis = null;
      setTimeout(dial, reconnectMs);
    });
    closing.push(() => socket.destroy());
  };
  const closing: (() => void)[] = [];
  dial();
  const server = createServer((_request, answer) => {
    if (redisPort === null) return void answer.end('{}');
    if (redis === null) return void answer.writeHead(503).end('{}');
    const socket = redis;
    const done = (status: number) => (): void => {
      if (!answer.writableEnded) answer.writeHead(status).end('{}');
    };
    socket.once('data', done(200));
    socket.write('PING\r\n');
    setTimeout(done(503), answerWithinMs);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => {
      ending = true;
      for (const close of closing) close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function runAttached(
  url: string,
  redisPort: number,
  options: { readonly faults?: string; readonly args?: readonly string[]; readonly ready?: string } = {},
) {
  await using folder = await scratchFolder();
  const { faults = '[]', args = ['run'], ready = '/' } = options;
  await writeFile(join(folder.path, 'first.k6.ts'), script);
  await writeFile(
    join(folder.path, 'redcliff.config.ts'),
    `import { defineScenario, defineTarget } from 'redcliff';
export default defineTarget({
  name: 'there',
  attach: { urls: { api: ['${url}'] }, ports: { redis: ${redisPort} }, database: 'shop', ready: '${ready}', readyWithinMs: 3_000 },
  scenarios: [defineScenario({ script: 'first.k6.ts', rate: 20, duration: '4s', faults: ${faults} })],
});
`,
  );
  const out = join(folder.path, 'runs');
  const config = ['--config', join(folder.path, 'redcliff.config.ts')];
  const stack = args.includes('simulate') ? [] : ['--stack', 'local'];
  await using command = startCommand([...args, ...config, ...stack, '--out', out]);
  const { status, output } = await command.finished;
  expect(await command.left()).toEqual([]);
  const report = await readFile(join(out, 'latest', 'report.json'), 'utf8').catch(() => null);
  return { status, output, report: report === null ? null : parseReport(report) };
}

it('breaks the network of a target that runs already', { timeout: 120_000 }, async () => {
  const port = await freePort();
  using service = await serviceOn(port);
  const { status, output, report } = await runAttached(service.url, port, { faults: "['redis-down']" });
  expect({ judged: status === 0 || status === 2, output }).toMatchObject({ judged: true });
  const broken = report?.cells.find(({ fault }) => fault === 'redis-down');
  expect(broken?.faults).toMatchObject([{ fault: 'redis-down', effect: { observed: true } }]);
  expect(
    report?.cells.map(({ thresholds }) => thresholds.filter(({ metric }) => metric === 'processes')),
  ).toEqual([[], []]);
});

it.each<[string, string, readonly string[]]>([
  [
    'a fault of its processes',
    "['api-killed']",
    ['"api-killed" does not exist', 'processes of an attached target'],
  ],
])('refuses %s before anything starts', { timeout: 60_000 }, async (_, faults, words) => {
  const { status, output } = await runAttached('http://127.0.0.1:9', await freePort(), { faults });
  for (const word of words) expect(output).toContain(word);
  expect(status).toBe(64);
});

it.each(['explore', 'simulate', 'capacity'])('refuses %s by name', { timeout: 60_000 }, async (command) => {
  const { status, output } = await runAttached('http://127.0.0.1:9', await freePort(), { args: [command] });
  expect(output).toContain(`${command} needs processes that Redcliff starts, and target "there" is attached`);
  expect(status).toBe(64);
});

it('says how to configure a service that does not serve', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const { status, output } = await runAttached(`http://127.0.0.1:${await freePort()}`, port);
  expect(output).toContain('api-1, attached at http://127.0.0.1:');
  expect(output).toContain(`redis at redis://127.0.0.1:${port}`);
  expect(status).toBe(70);
});

it('refuses a service that does not find its store at the port', { timeout: 60_000 }, async () => {
  const port = await freePort();
  using service = await serviceOn(null);
  const { status, output } = await runAttached(service.url, port);
  expect(output).toContain(`nothing connected to redis at 127.0.0.1:${port} (attach.ports.redis)`);
  expect(status).toBe(70);
});

it('names what listens already at a port', { timeout: 60_000 }, async () => {
  using taken = await serviceOn(null);
  const { port } = new URL(taken.url);
  const { status, output } = await runAttached(taken.url, Number(port));
  expect(output).toContain(`attach.ports: another program listens at 127.0.0.1:${port}`);
  expect(status).toBeOneOf([64, 70]);
});
