import { expect, it } from 'vitest';
import { isUpkeep, keyPattern, shapeOf, shapeText } from './call.ts';

it.each([
  ['cart:c17', 'cart:*'],
  ['item:i1:lock', 'item:*:lock'],
  ['general:byNo:s1-writes:5', 'general:byNo:*:*'],
  ['queue', 'queue'],
  ['user:4f2c9a10bbde41f0a:name', 'user:*:name'],
  ['a/b/42/c', 'a/b/*/c'],
  ['', ''],
])('the pattern of the key %s is %s', (key, pattern) => {
  expect(keyPattern(key)).toBe(pattern);
});

const traced = (protocol: 'mongo' | 'redis', command: string, target: string) => ({
  proxy: 'p',
  connection: 1,
  peer: '',
  protocol,
  command,
  target,
  startedMs: 0,
  endedMs: 1,
  streamOffset: 0,
  requestBytes: 1,
  replyBytes: 1,
  reply: null,
  replyKept: true,
});

it('keeps collections and the digests of scripts as they are', () => {
  expect(shapeText(shapeOf(traced('mongo', 'update', 'orders2'), 'api'))).toBe('api update orders2');
  expect(shapeOf(traced('redis', 'EVALSHA', '4715aa90'), 'api').target).toBe('4715aa90');
});

it('knows a script by its beginning, without signs of a pattern', () => {
  const { target } = shapeOf(
    traced('redis', 'EVAL', `if redis.call('get', KEYS[1]) * 2 ${'x'.repeat(80)}`),
    'api',
  );
  expect(target).toMatch(/^if\*redis\.call\('get',\*KEYS\[1\]\)\*2\*x+\*$/);
});

it('leaves out what drivers send by themselves', () => {
  expect(['hello', 'PING', 'CLIENT'].every(isUpkeep)).toBe(true);
  expect(['find', 'GET'].some(isUpkeep)).toBe(false);
});
