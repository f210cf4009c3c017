import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { L1 } from './l1.ts';

function create(maxEntries = 100) {
  const clock = new ManualClock();
  return { clock, l1: new L1({ clock, ttlMs: 3_000, maxEntries }) };
}

describe('L1', () => {
  it('gives a value until its TTL has passed', async () => {
    const { clock, l1 } = create();
    l1.put('k', { a: 1 }, 1, clock.monotonicMs());
    await clock.advance(2_999);
    expect(l1.get('k')).toEqual({ a: 1 });
    await clock.advance(1);
    expect(l1.get('k')).toBeUndefined();
  });

  it('counts the age of a value from the beginning of its load', async () => {
    const { clock, l1 } = create();
    const startedMs = clock.monotonicMs();
    await clock.advance(2_000);
    l1.put('k', 'slowly loaded', 1, startedMs);
    await clock.advance(1_000);
    expect(l1.get('k')).toBeUndefined();
  });

  it('does not keep a value whose load took longer than the TTL', async () => {
    const { clock, l1 } = create();
    const startedMs = clock.monotonicMs();
    await clock.advance(3_000);
    l1.put('k', 'too old', 1, startedMs);
    expect(l1.size).toBe(0);
  });

  it('does not replace a newer version by an older one', () => {
    const { clock, l1 } = create();
    l1.put('k', 'new', 2, clock.monotonicMs());
    l1.put('k', 'old', 1, clock.monotonicMs());
    expect(l1.get('k')).toBe('new');
  });

  it('hands out frozen values', () => {
    const { clock, l1 } = create();
    l1.put('k', { orders: { 0: 'march' }, list: [{ gold: 1 }] }, 1, clock.monotonicMs());
    const value = l1.get('k') as { orders: Record<string, string>; list: { gold: number }[] };
    expect(() => Object.assign(value.orders, { 0: 'flee' })).toThrow(TypeError);
    expect(() => value.list.push({ gold: 2 })).toThrow(TypeError);
    expect(l1.get('k')).toEqual({ orders: { 0: 'march' }, list: [{ gold: 1 }] });
  });

  it('holds no more than its number of entries', () => {
    const { clock, l1 } = create(2);
    for (const key of ['a', 'b', 'c']) l1.put(key, key, 1, clock.monotonicMs());
    expect([l1.get('a'), l1.get('b'), l1.get('c')]).toEqual([undefined, 'b', 'c']);
  });

  it('drops every key of a prefix', () => {
    const { clock, l1 } = create();
    for (const key of ['general:byId:s:1', 'general:byId:s:2', 'city:byId:s:1']) {
      l1.put(key, key, 1, clock.monotonicMs());
    }
    l1.deletePrefix('general:byId:s:');
    expect([l1.size, l1.get('city:byId:s:1')]).toEqual([1, 'city:byId:s:1']);
  });
});
