/**
 * The same requests give the same answers: against ours always, and against a real Toxiproxy when
 * TOXIPROXY_SERVER names its binary.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startToxiproxy } from '../server.ts';
import { differences, type ActualAnswer } from './compare.ts';
import { expectedAnswer, readExchanges, type Exchange } from './exchange.ts';

interface Target extends AsyncDisposable {
  readonly port: number;
}

const START_MS_MAX = 10_000;
const groups = await readExchanges(new URL('exchanges.ndjson', import.meta.url));
const ports = await freePorts();
const binary = process.env['TOXIPROXY_SERVER'];

suite('ours', async () => startToxiproxy());
describe.skipIf(binary === undefined)('against the original', () => {
  suite('original', startOriginal);
});

function suite(implementation: 'original' | 'ours', start: () => Promise<Target>): void {
  describe(`${implementation}`, () => {
    let target: Target;
    beforeAll(async () => {
      target = await start();
    });
    afterAll(async () => {
      await target[Symbol.asyncDispose]();
    });

    it.each(groups)('$about', async ({ fresh, exchanges }) => {
      expect(exchanges.length).toBeGreaterThan(0);
      if (fresh) await deleteAll(target.port);
      for (const exchange of exchanges) {
        const actual = await send(target.port, exchange);
        const expected = expectedAnswer(exchange, implementation);
        const filled = { ...expected, answer: JSON.parse(fillPorts(JSON.stringify(expected.answer))) };
        const exactDecoderErrors = implementation === 'ours';
        const found = differences(filled, exchange.headers, actual, { exactDecoderErrors });
        expect(found, `${exchange.request} ${exchange.send ?? ''}`).toEqual([]);
      }
    });
  });
}

function fillPorts(text: string): string {
  return text.replaceAll(/\{port(\d\d)\}/g, (_, number) => String(ports[Number(number)]));
}

/** Forty ports that were free a moment ago. */
async function freePorts(): Promise<number[]> {
  const servers = Array.from({ length: 40 }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const found = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return found;
}

/** Not fetch: it forbids some methods and sets headers of its own. */
function send(
  port: number,
  exchange: Pick<Exchange, 'request' | 'send' | 'userAgent'>,
): Promise<ActualAnswer> {
  const [method = '', path = ''] = exchange.request.split(' ');
  const headers = exchange.userAgent === undefined ? {} : { 'user-agent': exchange.userAgent };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(fillPorts(exchange.send ?? ''));
  });
}

async function deleteAll(port: number): Promise<void> {
  const { text } = await send(port, { request: 'GET /proxies' });
  const proxies: unknown = JSON.parse(text);
  for (const name of Object.keys(Object(proxies))) {
    await send(port, { request: `DELETE /proxies/${encodeURIComponent(name)}` });
  }
}

async function startOriginal(): Promise<Target> {
  const [port = 0] = await freePorts();
  const child = spawn(binary ?? '', ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
  const deadlineMs = Date.now() + START_MS_MAX;
  for (;;) {
    try {
      await send(port, { request: 'GET /version' });
      break;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
