import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder, startCommand } from '../../cli/testing/command-under-test.ts';
import { linux } from '../../observe/processor-waits.ts';

/** Names that no resolver knows, so that nothing leaves this machine even where nothing is refused. */
const service = (listener: number): string => `
import http from 'node:http';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

const said = [];
const say = (name, error) => said.push(name + ' ' + (error.cause?.code ?? error.code));
await fetch('http://metrics.invalid:4317/').catch((error) => say('fetch', error));
await lookup('flags.invalid').catch((error) => say('lookup', error));
const proxy = new URL(process.env.https_proxy ?? 'http://127.0.0.1:1');
const authorization = 'Basic ' + Buffer.from(proxy.username + ':').toString('base64');
const asked = http.request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: 'pay.invalid:443', headers: { 'proxy-authorization': authorization } });
await new Promise((settle) => asked.on('error', settle).on('connect', (answer) => settle(said.push('proxy ' + answer.statusCode))).end());
connect(${listener}, '127.0.0.1');
console.log(said.join(', '));
http.createServer((_, answer) => answer.end(JSON.stringify(said))).listen(Number(process.env.PORT), '127.0.0.1');
`;

const script = `import { arrival, openSchedule, perform, readSettings, summaryFiles, thresholds, waitForStart } from 'redcliff/k6';
const settings = readSettings();
export const options = { scenarios: { clients: openSchedule(settings, 'clients') }, thresholds: thresholds(settings) };
export const setup = () => waitForStart(settings);
export const handleSummary = (data) => summaryFiles(settings, data);
export async function clients() {
  await perform(settings, arrival(settings), { f: 'get', kind: 'read', method: 'GET', path: '/', subject: {} });
}
`;

async function runTarget(command: readonly string[], network: string, listener: number) {
  await using folder = await scratchFolder();
  await writeFile(join(folder.path, 'server.mjs'), service(listener));
  await writeFile(join(folder.path, 'first.k6.ts'), script);
  const config = join(folder.path, 'redcliff.config.ts');
  await writeFile(
    config,
    `import { defineScenario, defineTarget } from 'redcliff';
export default defineTarget({
  name: 'curious',
  processes: { api: { command: ['node', 'server.mjs'], port: 'PORT', ready: { log: /fetch/ } } },
  env: () => ({}),
  ${network}
  scenarios: [defineScenario({ script: 'first.k6.ts', rate: 10, duration: '2s' })],
});
`,
  );
  await using started = startCommand([...command, '--config', config, '--stack', 'local']);
  const { status, output } = await started.finished;
  expect(await started.left()).toEqual([]);
  return { status, output };
}

/** Something beside the stores that listens on this machine. */
async function elsewhere() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

it('refuses what a target contacts beside its stores, and names it', { timeout: 120_000 }, async () => {
  using other = await elsewhere();
  const { status, output } = await runTarget(['doctor'], '', other.port);
  expect({ status, output }).toMatchObject({ status: 0 });
  expect(output).toContain('api-1 tried to reach metrics.invalid:4317: refused');
  expect(output).toContain('api-1 tried to reach flags.invalid: refused');
  expect(output).toContain('api-1 tried to reach pay.invalid:443: refused');
  expect(output.includes(`api-1 was connected to 127.0.0.1:${other.port}`)).toBe(linux.tells());
});

it('tells it at the end of a run, and keeps quiet about what is allowed', { timeout: 120_000 }, async () => {
  using other = await elsewhere();
  const network = `network: ['flags.invalid', '127.0.0.1:${other.port}'],`;
  await using folder = await scratchFolder();
  const out = ['--out', join(folder.path, 'runs')];
  const { output } = await runTarget(['run', '--seed', '1', ...out], network, other.port);
  expect(output).toContain('Beside its stores: api-1 tried to reach metrics.invalid:4317: refused');
  expect(output).not.toContain('flags.invalid');
  expect(output).not.toContain(`127.0.0.1:${other.port}`);
});

it('leaves a target with an open network alone', { timeout: 120_000 }, async () => {
  using other = await elsewhere();
  const { status, output } = await runTarget(['doctor'], "network: 'open',", other.port);
  expect({ status, output }).toMatchObject({ status: 0 });
  expect(output).not.toContain('invalid');
  expect(output).not.toContain('was connected to');
});
