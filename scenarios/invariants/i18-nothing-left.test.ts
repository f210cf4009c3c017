import { expect, it } from 'vitest';
import type { Evidence } from '../../reports/record/evidence.ts';
import { nothingLeft } from './i18-nothing-left.ts';
import { evidence, general } from './testing/literal.ts';

const metrics = {
  opensam_cache_owed_deletions: 0,
  opensam_mongodb_connections_in_use: 1,
  opensam_redis_breaker_state: 0,
  opensam_saves_unconfirmed: 0,
};
const health = {
  status: 200,
  redis: 'up',
  mongo: 'up',
  breaker: 'closed',
  unconfirmedSaves: 0,
  instance: 'api-1',
};
const general1 = general(1, { gold: 5 });
const shown = [
  { path: '/api/sessions/s1', status: 200, data: { _id: 's1', session_id: 's1', turn: 0, version: 1 } },
  { path: '/api/sessions/s1/generals', status: 200, data: [general1] },
  { path: '/api/sessions/s1/generals/1', status: 200, data: general1 },
  { path: '/api/sessions/s1/generals/2', status: 404, data: null },
];

function verdictOf(
  changed: {
    readonly shown?: readonly unknown[];
    readonly metrics?: object;
    readonly health?: object;
    readonly perSecond?: number;
  },
  overrides: Partial<Evidence> = {},
) {
  const lastReads = {
    shown: changed.shown ?? shown,
    surroundings: [{ metrics: { ...metrics, ...changed.metrics }, health: { ...health, ...changed.health } }],
    redisCommandsPerSecond: changed.perSecond ?? 40,
  };
  const { verdict, reason } = nothingLeft.check(
    [],
    evidence({ lastReads, database: { generals: [general1] }, cache: [session], ...overrides }),
  );
  return `${verdict}: ${reason}`;
}

const entry = (key: string, ttlMs: number) => ({ key, type: 'string', ttlMs, value: null });
const session = entry('session:byId:s1', 350_000);
const key = (name: string, ttlMs: number) => ({ cache: [session, entry(name, ttlMs)] });

it('holds for a system at rest', () => {
  expect(verdictOf({})).toMatch(/^true/);
  expect(verdictOf({}, key('sync:queue', -1))).toMatch(/^true/);
  expect(verdictOf({}, key('general:byNo:s1:1', 300_000))).toMatch(/^true/);
});

it.each([
  ['a gauge that is not zero', { metrics: { opensam_saves_unconfirmed: 2 } }],
  ['a gauge that is gone', { metrics: { opensam_redis_breaker_state: undefined } }],
  ['a health that is not well', { health: { breaker: 'open' } }],
  ['a storm of commands', { perSecond: 4_800 }],
  ['a route that is not served', { shown: [{ path: '/api/sessions/s1', status: 503, data: null }] }],
  ['a list that lacks an entity', { shown: [{ path: '/api/sessions/s1/generals', status: 200, data: [] }] }],
  [
    'an entity as it was before',
    { shown: [{ path: '/api/sessions/s1/generals/1', status: 200, data: { ...general1, gold: 4 } }] },
  ],
  [
    'an entity that there is not',
    { shown: [{ path: '/api/sessions/s1/generals/2', status: 200, data: general1 }] },
  ],
])('%s is found', (_what, changed) => {
  expect(verdictOf(changed)).toMatch(/^false/);
});

it.each([
  ['a lock', key('city:lock:s1:1', 900)],
  ['a key that never expires', key('general:byNo:s1:1', -1)],
  ['dead letters', key('sync:dead', 1_000)],
  ['a cache that keeps nothing', { cache: [] }],
  ['a cache that forgets', { cache: [entry('session:byId:s1', 300)] }],
])('%s at rest is found', (_what, overrides) => {
  expect(verdictOf({}, overrides)).toMatch(/^false/);
});

it('is unknown where nothing was read, or the system was at work', () => {
  expect(nothingLeft.check([], evidence()).verdict).toBe('unknown');
  expect(verdictOf({ perSecond: 9_000 }, { quiescedMs: null })).toMatch(/^unknown/);
});

it('counts connections of each process, and rows against the requests that account for them', () => {
  const connections = (open: number) => ({ connections: [{ instance: 'api-1', store: 'mongo', open }] });
  expect(verdictOf({}, connections(30))).toMatch(/^true/);
  expect(verdictOf({}, connections(31))).toBe(
    'false: api-1 has 31 connections to mongo open at the end; 30 are allowed',
  );
  const rows = (count: number) => ({
    database: {
      generals: [general1],
      answered_requests: Array.from({ length: count }, (_, index) => ({
        _id: `s1:${index}`,
        session_id: 's1',
      })),
    },
  });
  expect(verdictOf({}, rows(10))).toMatch(/^true/);
  expect(verdictOf({}, rows(11))).toMatch(/^false: .*answered_requests/);
});
