import { describe, expect, it } from 'vitest';
import type { CapacityProfile } from '../api/capacity.ts';
import { mixesOf, mixNamed, userOf } from './mixes.ts';

const route = (name: string, kind: 'read' | 'write') => ({
  name,
  title: name,
  kind,
  draw: () => ({ method: 'GET' as const, path: '/' }),
});
const profile: CapacityProfile = {
  world: {},
  serving: 'api',
  routes: [route('cart', 'read'), route('list', 'read'), route('add', 'write')],
  user: {
    noun: 'shopper',
    readsPerMinute: 9,
    writesPerMinute: 1,
    reads: { cart: 3, list: 1 },
    writes: { add: 7 },
  },
  mixes: [{ name: 'peak', title: 'the peak', weights: { cart: 1, add: 3 } }],
};

describe('mixes', () => {
  it('are of users, reads and writes, and those of the target, each with shares that add up to 1', () => {
    const mixes = mixesOf(profile, userOf(profile.user));
    expect(mixes.map(({ name, writeShare, weights }) => [name, writeShare, weights])).toEqual([
      ['users', 0.1, { cart: expect.closeTo(0.675), list: expect.closeTo(0.225), add: expect.closeTo(0.1) }],
      ['reads', 0, { cart: 0.75, list: 0.25 }],
      ['writes', 1, { add: 1 }],
      ['peak', 0.75, { cart: 0.25, add: 0.75 }],
    ]);
    expect(mixes.filter(({ ofUsers }) => ofUsers).map(({ name }) => name)).toEqual(['users']);
  });

  it('follow a user who does otherwise, and leave out what the target has no routes for', () => {
    const reading = { ...profile, user: { ...profile.user, writesPerMinute: 0, writes: {} } };
    const mixes = mixesOf(reading, userOf(reading.user));
    expect(mixes.map(({ name }) => name)).toEqual(['users', 'reads', 'peak']);
    expect(() => mixNamed(mixes, 'writes')).toThrow('--mix "writes" does not exist');
    const busy = { ...userOf(profile.user), writesPerMinute: 9 };
    expect(mixesOf(profile, busy)[0]?.writeShare).toBe(0.5);
  });
});

it('a user has a plural, and no background work unless the target says so', () => {
  expect(userOf(profile.user)).toMatchObject({ plural: 'shoppers', onlineShare: 1, background: null });
  expect(userOf({ ...profile.user, plural: 'people' }).plural).toBe('people');
});
