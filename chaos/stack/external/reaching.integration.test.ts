import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { keyMatcher } from '../../observe/key-patterns.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startReaper, type Reaper } from '../../process/reaper.ts';
import type { Stack } from '../contract.ts';
import { freePort } from '../free-port.ts';
import { localProvider } from '../local-provider.ts';
import { openMongo } from '../mongo-launch.ts';
import { parseExternalAddresses } from './addresses.ts';
import { externalProvider } from './external-provider.ts';
import { startRedis } from './testing/redis-servers.ts';

const ownsKey = keyMatcher(undefined);

const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };
const owned = new AsyncDisposableStack();
let theirs: Stack;
let reaper: Reaper;
let folder: string;

beforeAll(async () => {
  reaper = owned.use(await startReaper());
  folder = owned.use(await temporaryFolder(reaper, 'reaching')).path;
  theirs = owned.use(
    await localProvider({ reaper, environment }).start({
      folder,
      seed: 'reaching',
      signal: AbortSignal.timeout(60_000),
    }),
  );
});
afterAll(() => owned.disposeAsync());

function provider(given: { redis?: string; mongo?: string }) {
  const { redis, mongo, toxiproxyApi } = theirs.endpoints;
  const addresses = parseExternalAddresses({
    redis: `${redis.direct}/5`,
    mongo: mongo.direct,
    toxiproxy: toxiproxyApi,
    ...given,
  });
  return externalProvider({ addresses, clock: systemClock, ownsKey });
}

async function start(given: { redis?: string; mongo?: string }): Promise<Stack> {
  return await provider(given).start({ folder, seed: 's', signal: AbortSignal.timeout(60_000) });
}

describe('Redis', () => {
  it('is found as the master that sentinels name, also when one of them is away', async () => {
    const password = 'requirepass sesame';
    await using master = await startRedis(reaper, folder, 'master', [password]);
    await using sentinel = await startRedis(reaper, folder, 'sentinel', [
      `sentinel monitor main 127.0.0.1 ${master.port} 1`,
      'sentinel auth-pass main sesame',
    ]);
    const hosts = `127.0.0.1:${await freePort()},127.0.0.1:${sentinel.port}`;
    await using stack = await start({ redis: `redis+sentinel://:sesame@${hosts}/main/3` });
    expect(stack.endpoints.redis.direct).toBe(`redis://:sesame@127.0.0.1:${master.port}/3`);
    await stack.empty('redcliff_sentinel');
    const client = new Redis(stack.endpoints.redis.proxied);
    try {
      expect(await client.set('general:byNo:s1:1', 'through the proxy')).toBe('OK');
      await stack.empty('redcliff_sentinel');
      expect(await client.exists('general:byNo:s1:1')).toBe(0);
    } finally {
      client.disconnect();
    }
    await expect(provider({ redis: `redis+sentinel://${hosts}/other` }).probe()).resolves.toMatchObject({
      available: false,
      reason: expect.stringContaining('knows no master other'),
    });
  });

  it('of a cluster is refused by name', async () => {
    await using node = await startRedis(reaper, folder, 'cluster', ['cluster-enabled yes']);
    await expect(provider({ redis: `redis://127.0.0.1:${node.port}` }).probe()).resolves.toMatchObject({
      available: false,
      reason: expect.stringContaining('it is a node of a Redis Cluster'),
    });
  });

  it('that is a replica is refused', async () => {
    await using replica = await startRedis(reaper, folder, 'replica', ['replicaof 127.0.0.1 1']);
    await expect(provider({ redis: `redis://127.0.0.1:${replica.port}` }).probe()).resolves.toMatchObject({
      available: false,
      reason: expect.stringContaining('its role is slave'),
    });
  });
});

describe('MongoDB', () => {
  it('of several addresses is the primary among them, and is talked to alone', async () => {
    const { host } = new URL(theirs.endpoints.mongo.direct);
    const hosts = `${host},127.0.0.1:${await freePort()}`;
    await using stack = await start({ mongo: `mongodb://${hosts}/?replicaSet=${await readSetName()}` });
    expect(stack.endpoints.mongo.direct).toBe(`mongodb://${host}/?directConnection=true`);
    await expect(provider({ mongo: `mongodb://${hosts}/?replicaSet=nobody` }).probe()).resolves.toMatchObject(
      {
        available: false,
        reason: expect.stringContaining('--mongo-uri'),
      },
    );
  });

  it('behind a name that DNS does not know is named', async () => {
    await expect(
      provider({ mongo: 'mongodb+srv://me:hunter2@cluster.invalid/' }).probe(),
    ).resolves.toMatchObject({
      available: false,
      reason: expect.stringMatching(/^--mongo-uri mongodb\+srv:\/\/me:\*\*\*@cluster\.invalid\/: /),
    });
  });
});

describe.skipIf(!hasOpenssl())('TLS (with openssl)', () => {
  it('works where the certificate names the host of Toxiproxy, and is refused where it does not', async () => {
    const tls = async (name: string, host: string) => {
      const files = makeCertificate(name, host);
      const server = await startRedis(reaper, folder, name, [
        `tls-cert-file ${files.certificate}`,
        `tls-key-file ${files.key}`,
        'tls-auth-clients no',
      ]);
      return {
        ...server,
        certificate: files.certificate,
        [Symbol.asyncDispose]: server[Symbol.asyncDispose],
      };
    };
    await using good = await tls('good', 'localhost');
    await using bad = await tls('bad', 'elsewhere.example');
    const untrusted = await provider({ redis: `rediss://localhost:${good.port}` }).probe();
    expect(untrusted).toMatchObject({ reason: expect.stringContaining('self-signed certificate') });
    expect(await runTrusting(good.certificate, `rediss://localhost:${good.port}/2`)).toMatchObject({
      proxied: expect.stringMatching(/^rediss:\/\/localhost:\d+\/2$/),
    });
    const wrongName = await runTrusting(bad.certificate, `rediss://localhost:${bad.port}`);
    expect(wrongName.error).toContain('does not match certificate');
  });
});

async function readSetName(): Promise<string> {
  await using client = await openMongo(theirs.endpoints.mongo.direct);
  return String((await client.db('admin').command({ hello: 1 }))['setName']);
}

/** An external stack in a process that trusts this certificate. */
async function runTrusting(
  certificate: string,
  redis: string,
): Promise<{ proxied?: string; error?: string }> {
  const { mongo, toxiproxyApi } = theirs.endpoints;
  const program = path.join(import.meta.dirname, 'testing', 'external-process.ts');
  const toxiproxy = toxiproxyApi.replace('127.0.0.1', 'localhost');
  const { stdout } = await promisify(execFile)(process.execPath, [program, redis, mongo.direct, toxiproxy], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

function makeCertificate(name: string, host: string): { certificate: string; key: string } {
  const certificate = path.join(folder, `${name}.crt`);
  const key = path.join(folder, `${name}.key`);
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const files = ['-keyout', key, '-out', certificate, '-days', '1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
    stdio: 'ignore',
  });
  return { certificate, key };
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
