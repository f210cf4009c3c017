import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findEngine } from './engine.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'redcliff-engine-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function answering(
  status: number,
  where: string | number,
): Promise<AsyncDisposable & { port: number }> {
  const server = createServer((_, response) => response.writeHead(status).end());
  server.listen(where);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('findEngine', () => {
  it('finds the one that DOCKER_HOST names by its socket', async () => {
    const socketPath = path.join(folder, 'named.sock');
    await using _server = await answering(200, socketPath);
    expect(await findEngine({ DOCKER_HOST: `unix://${socketPath}` })).toEqual({
      found: true,
      address: { socketPath },
      where: socketPath,
    });
  });

  it('finds the one that DOCKER_HOST names by host and port', async () => {
    await using server = await answering(200, 0);
    expect(await findEngine({ DOCKER_HOST: `tcp://127.0.0.1:${server.port}` })).toMatchObject({
      found: true,
      address: { host: '127.0.0.1', port: server.port },
    });
  });

  it('finds the one of this user', async () => {
    const socketPath = path.join(folder, 'docker.sock');
    await using _server = await answering(200, socketPath);
    const found = await findEngine({ XDG_RUNTIME_DIR: folder, HOME: folder });
    expect(found).toMatchObject({ found: true });
  });

  it.each(['ssh://somewhere', 'tcp://somewhere:2376'])('leaves %s to the library', async (host) => {
    expect(await findEngine({ DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1' })).toMatchObject({
      found: true,
      address: null,
    });
  });

  it('reports when none answers, and how to start it', async () => {
    expect(await findEngine({ DOCKER_HOST: `unix://${folder}/none.sock` })).toMatchObject({
      found: false,
      reason: expect.stringContaining('none.sock (DOCKER_HOST): ENOENT'),
      remedy: expect.stringContaining('start it'),
    });
  });

  it('reports when another server answers', async () => {
    const socketPath = path.join(folder, 'other.sock');
    await using _server = await answering(404, socketPath);
    expect(await findEngine({ DOCKER_HOST: `unix://${socketPath}` })).toMatchObject({
      found: false,
      reason: expect.stringContaining('status 404'),
    });
  });
});
