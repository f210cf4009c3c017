/** Scripts that speak gRPC, with a server that does so by libraries of its own. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGrpcServer } from './grpc-server.ts';
import type { GrpcServer } from './grpc-server.ts';
import { runScript } from './run-script.ts';

const folder = join(import.meta.dirname, 'scripts', 'grpc');

let server: GrpcServer;
beforeAll(async () => {
  server = await startGrpcServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

test.each(readdirSync(folder).filter((name) => name.endsWith('.js')))('%s', async (name) => {
  const { checks, exitCode, log } = await runScript(join(folder, name), server.address);
  expect({ exitCode, fails: checks.fails, log: exitCode === 0 ? '' : log }).toEqual({
    exitCode: 0,
    fails: 0,
    log: '',
  });
  expect(checks.passes).toBeGreaterThan(0);
});

test('calls leave their samples with the tags of k6', async () => {
  const { samples } = await runScript(join(folder, 'unary.js'), server.address);
  const durations = samples.filter(({ metric }) => metric === 'grpc_req_duration');
  expect(durations.filter(({ tags }) => tags['kind'] === 'store').map(({ tags }) => tags)).toEqual(
    Array.from({ length: 4 }, () =>
      expect.objectContaining({
        method: 'Store',
        name: '/shop.v1.Shop/Store',
        service: 'shop.v1.Shop',
        status: '0',
        url: `${server.address}/shop.v1.Shop/Store`,
      }),
    ),
  );
});
