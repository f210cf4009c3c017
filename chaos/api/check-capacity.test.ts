import { expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import type { CapacityProfile } from './capacity.ts';
import { capacitySchema, checkCapacity } from './check-capacity.ts';

const draw = () => ({ method: 'GET', path: '/' }) as const;
const roles = {
  api: { command: ['node', 'server.js'], port: 'PORT' },
  writer: { command: ['node', 'writer.js'] },
} as const;
const profile: CapacityProfile = {
  world: { shops: 2 },
  serving: 'api',
  routes: [
    { name: 'cart', title: 'a cart', kind: 'read', draw },
    { name: 'add', title: 'an item added', kind: 'write', draw },
  ],
  user: { noun: 'shopper', readsPerMinute: 6, writesPerMinute: 1, reads: { cart: 1 }, writes: { add: 1 } },
};
const backlog = { title: 'orders', read: () => Promise.resolve({ length: 0, oldestAgeMs: null }) };

it('accepts a profile without anything optional', () => {
  expect(capacitySchema.safeParse(profile).success).toBe(true);
  expect(() => checkCapacity('target "shop"', profile, roles)).not.toThrow();
});

it.each<[string, Partial<CapacityProfile>, string]>([
  ['an unknown serving role', { serving: 'web' }, 'capacity.serving: "web" is not a process'],
  ['a serving role without a port', { serving: 'writer' }, 'capacity.serving: "writer" has no port'],
  ['an unknown role', { processes: { web: 1 } }, 'capacity.processes: "web"'],
  [
    'an unknown role of the backlog',
    { backlog: { ...backlog, drainedBy: 'web' } },
    'backlog.drainedBy: "web"',
  ],
  ['an unknown route', { routesByDefault: ['carts'] }, 'routesByDefault: "carts" is not a route'],
  ['a route twice', { routes: [...profile.routes, ...profile.routes] }, 'routes: two have the same name'],
  [
    'a write among the reads',
    { user: { ...profile.user, reads: { add: 1 } } },
    'user.reads: "add" is not a read',
  ],
  ['reads without a route', { user: { ...profile.user, reads: {} } }, 'user.reads: is empty'],
  [
    'a user who does nothing',
    { user: { ...profile.user, readsPerMinute: 0, writesPerMinute: 0 } },
    'user: neither reads nor writes',
  ],
  [
    'a mix called as one that every target has',
    { mixes: [{ name: 'users', title: 'other users', weights: { cart: 1 } }] },
    'mixes: two have the same name',
  ],
  [
    'an unknown route of a mix',
    { mixes: [{ name: 'peak', title: 'the peak', weights: { carts: 1 } }] },
    'mixes.peak: "carts" is not a route',
  ],
])('refuses %s, naming the field', (_, change, words) => {
  const check = () => checkCapacity('target "shop"', { ...profile, ...change }, roles);
  expect(check).toThrow(UsageError);
  expect(check).toThrow(words);
});

it('refuses a process with the name of a store', () => {
  const check = () => checkCapacity('target "shop"', profile, { ...roles, redis: roles.writer });
  expect(check).toThrow('the process "redis"');
});
