import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withAddressesOf } from './from-environment.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'redcliff-env-'));
const file = path.join(folder, '.env');
writeFileSync(
  file,
  'REDCLIFF_REDIS_URI=redis://file/1\nREDCLIFF_MONGO_URI=mongodb://file\nREDCLIFF_REDIS_PROXY=r\n',
);
afterAll(() => rmSync(folder, { recursive: true }));

it('takes what was given before the environment, and the environment before the file', () => {
  const environment = {
    REDCLIFF_ALLOW: 'redis-configure',
    REDCLIFF_REDIS_URI: 'redis://environment',
    REDCLIFF_TOXIPROXY_URI: 'http://environment',
  };
  expect(withAddressesOf(environment, { redis: 'redis://given' }, file)).toMatchObject({
    redis: 'redis://given',
    mongo: 'mongodb://file',
    toxiproxy: 'http://environment',
    redisProxy: 'r',
    allow: 'redis-configure',
  });
  expect(withAddressesOf(environment, {}, file).redis).toBe('redis://environment');
});

it('needs no file, and takes an empty variable for none', () => {
  const found = withAddressesOf({ REDCLIFF_REDIS_URI: '' }, {}, path.join(folder, 'none'));
  expect(found.redis).toBeUndefined();
});

it('says what is wrong with a file that cannot be read', () => {
  expect(() => withAddressesOf({}, {}, folder)).toThrow(expect.objectContaining({ exitStatus: 64 }));
});
