import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { lockKeys } from '../../lock/keys.ts';
import { describeLongLock, lockKinds, secondsHeld } from './lock-tools.ts';

const config = loadConfig({
  ADMIN_TOKEN: 'secret-token',
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
  REDIS_URL: 'redis://127.0.0.1:6379',
});
const kinds = lockKinds(config);
const describeLock = (key: string, secondsLeft: number) =>
  describeLongLock({ key, secondsLeft }, kinds, config.LONG_LOCK_SECONDS);

const keys = [
  ['turn', lockKeys.turn('s1'), 600, 540],
  ['session', lockKeys.session('s1'), 300, 295],
  ['city', lockKeys.city('s1', 1), 300, 295],
  ['nation', lockKeys.nation('s1', 1), 300, 295],
  ['tournament', lockKeys.tournamentRound('s1:t1', 1), 300, 295],
  ['battle', lockKeys.battle('s1:b1'), 180, 175],
  ['auction', lockKeys.auction('s1', 'a'), 120, 115],
] as const;

describe('a lock', () => {
  it.each(keys)('of a %s is long by its age, not by the time it has left', (_kind, key, ttl, long) => {
    expect(describeLock(key, ttl)).toBeUndefined();
    expect(describeLock(key, ttl - long + 1)).toBeUndefined();
    expect(describeLock(key, ttl - long)).toBe(
      `lock ${key} has been held for ${long} s, ${ttl - long} s are left`,
    );
    expect(secondsHeld({ key, secondsLeft: ttl - 7 }, kinds)).toBe(7);
  });

  it('that cannot end as locks do is always told of', () => {
    expect(describeLock(lockKeys.turn('s1'), -1)).toContain('never expires');
    expect(describeLock(lockKeys.auction('s1', 'a'), 120_000)).toContain('more than its TTL of 120 s');
    expect(describeLock('shop:lock:1', 10)).toContain('no known kind');
  });

  it('with a short TTL is long near its end, regardless of the general limit', () => {
    const brief = lockKinds({ ...config, TURN_LOCK_TTL_SECONDS: 10 });
    const at = (secondsLeft: number) =>
      describeLongLock({ key: lockKeys.turn('s1'), secondsLeft }, brief, 540);
    expect(at(2)).toBeUndefined();
    expect(at(1)).toContain('held for 9 s');
  });

  it('knows a kind for every lock of the system', () => {
    expect(keys).toHaveLength(Object.keys(lockKeys).length);
  });
});
