import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { keyMatcher } from '../../observe/key-patterns.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startReaper } from '../../process/reaper.ts';
import type { Stack } from '../contract.ts';
import { localProvider } from '../local-provider.ts';
import { parseExternalAddresses } from './addresses.ts';
import { externalProvider } from './external-provider.ts';

const ownsKey = keyMatcher(undefined);

const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };
const owned = new AsyncDisposableStack();
let theirs: Stack;
let folder: string;

beforeAll(async () => {
  const reaper = owned.use(await startReaper());
  folder = owned.use(await temporaryFolder(reaper, 'allowed')).path;
  const signal = AbortSignal.timeout(60_000);
  theirs = owned.use(await localProvider({ reaper, environment }).start({ folder, seed: 'allowed', signal }));
});
afterAll(() => owned.disposeAsync());

async function start(allow: string | undefined, redis = theirs.endpoints.redis.direct): Promise<Stack> {
  const { mongo, toxiproxyApi } = theirs.endpoints;
  const addresses = parseExternalAddresses({ redis, mongo: mongo.direct, toxiproxy: toxiproxyApi, allow });
  const provider = externalProvider({ addresses, clock: systemClock, ownsKey });
  return await provider.start({ folder, seed: 's', signal: AbortSignal.timeout(60_000) });
}

describe('an external stack', () => {
  it('can do nothing that was not allowed, but all that our own Toxiproxy can', async () => {
    await using stack = await start(undefined);
    expect([...stack.capabilities]).toEqual(['toxiproxy-extensions']);
    expect(stack.parts.toxiproxy.program).toBe('redcliff toxiproxy');
    await expect(stack.stepDown()).rejects.toMatchObject({ code: 'capability_missing' });
  });

  it('can do what was allowed, and leaves the settings as they were', async () => {
    const redis = new Redis(theirs.endpoints.redis.direct);
    const before = await redis.config('GET', '*');
    await using stack = await start('mongo-step-down,redis-configure');
    expect(stack.capabilities).toContain('mongo-step-down');
    expect(stack.capabilities).toContain('redis-configure');
    expect(await redis.config('GET', '*')).toEqual(before);
    redis.disconnect();
  });

  it('is refused when its servers do not let that user do what was allowed', async () => {
    const redis = new Redis(theirs.endpoints.redis.direct);
    await redis.acl('SETUSER', 'plain', 'on', '>secret', '~*', '&*', '+@all', '-config');
    redis.disconnect();
    const url = theirs.endpoints.redis.direct.replace('redis://', 'redis://plain:secret@');
    await using _stack = await start(undefined, url);
    await expect(start('redis-configure', url)).rejects.toMatchObject({
      exitStatus: 69,
      message: expect.stringMatching(/^--allow redis-configure is not possible there: .*config/),
      hint: expect.stringContaining('leave redis-configure out of --allow'),
    });
  });
});
