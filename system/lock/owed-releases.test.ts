import { describe, expect, it } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { seededRandom } from '../random.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { OwedReleases, type Release } from './owed-releases.ts';

/** A Redis that holds locks by their tokens, and may be away. */
function scene(ttlMs = 600_000) {
  const clock = new ManualClock();
  const held = new Set<string>();
  const sent: (readonly Release[])[] = [];
  const redis = { away: false, held };
  const releases = new OwedReleases({
    clock,
    random: seededRandom('releases'),
    logger: createLogger({ level: 'silent', name: 'test', instance: 'test' }),
    send: (owed) => {
      sent.push(owed);
      if (redis.away) return Promise.reject(new Error('away'));
      return Promise.resolve(owed.map(({ token }) => (held.delete(token) ? 1 : 0)));
    },
  });
  const lock = (token: string): Release => ({
    key: `city:lock:w:${token}`,
    token,
    expiresAtMs: clock.monotonicMs() + ttlMs,
  });
  return { clock, redis, releases, sent, lock };
}

describe('owed releases', () => {
  it('are sent until Redis answers, and then no more', async () => {
    const { clock, redis, releases, sent, lock } = scene();
    redis.held.add('a');
    redis.away = true;
    releases.owe(lock('a'));
    await clock.advance(10_000);
    expect(redis.held.has('a')).toBe(true);
    redis.away = false;
    await clock.advance(1_500);
    expect(redis.held.has('a')).toBe(false);
    expect(releases.size).toBe(0);
    const until = sent.length;
    await clock.advance(60_000);
    expect(sent).toHaveLength(until);
  });

  it('cost one round trip in about a second while Redis is away, however many there are', async () => {
    const { clock, redis, releases, sent, lock } = scene();
    redis.away = true;
    for (let number = 0; number < 500; number += 1) releases.oweUnanswered(lock(`t${number}`));
    await clock.advance(60_000);
    expect(sent.length).toBeLessThan(90);
    expect(sent.length).toBeGreaterThan(40);
  });

  it('are sent at once when the connection is back', async () => {
    const { clock, redis, releases, lock } = scene();
    redis.away = true;
    redis.held.add('a');
    releases.owe(lock('a'));
    await clock.advance(20_000);
    redis.away = false;
    releases.wake();
    await clock.advance(0);
    expect(redis.held.has('a')).toBe(false);
  });

  it('end when the lock has expired by itself', async () => {
    const { clock, redis, releases, sent, lock } = scene(2_000);
    redis.away = true;
    releases.owe(lock('a'));
    await clock.advance(4_000);
    expect(releases.size).toBe(0);
    const until = sent.length;
    redis.away = false;
    await clock.advance(10_000);
    expect(sent).toHaveLength(until);
  });

  it('of a SET without an answer free a lock that is taken after the first release', async () => {
    const { clock, redis, releases, lock } = scene();
    releases.oweUnanswered(lock('stray'));
    await clock.advance(500);
    expect(releases.size).toBe(1);
    redis.held.add('stray');
    await clock.advance(3_000);
    expect(redis.held.has('stray')).toBe(false);
    expect(releases.size).toBe(0);
  });

  it('are repeated when Redis holds a released lock again', async () => {
    const { clock, redis, releases, lock } = scene();
    const released = lock('a');
    releases.released(released);
    redis.held.add('a');
    releases.repeatReleased();
    await clock.advance(1_000);
    expect(redis.held.has('a')).toBe(false);
  });

  it('are tried once more when the process ends', async () => {
    const { redis, releases, lock } = scene();
    redis.held.add('a');
    releases.owe(lock('a'));
    await releases[Symbol.asyncDispose]();
    expect(redis.held.has('a')).toBe(false);
  });
});
