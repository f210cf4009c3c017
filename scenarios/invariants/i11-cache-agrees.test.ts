import { describe, expect, it } from 'vitest';
import { cacheAgrees } from './i11-cache-agrees.ts';
import { evidence, general } from './testing/literal.ts';

const stored = general(1, {
  version: 4,
  last_action_at: '2026-01-01T00:00:00.000Z',
  orders: { 0: 'a', 1: 'b' },
  __v: 0,
});
const entry = (key: string, value: unknown) => ({ key, type: 'string', ttlMs: 1000, value });

function judged(cache: ReturnType<typeof entry>[], overrides = {}) {
  return cacheAgrees.check([], evidence({ cache, database: { generals: [stored] }, ...overrides }));
}

describe('I11', () => {
  it('holds when the cached entity equals its document, whatever the order of its fields', () => {
    const { __v: _, ...cached } = stored;
    const value = { ...cached, orders: { 1: 'b', 0: 'a' } };
    const verdict = judged([entry('general:byId:s1:s1:g1', value), entry('general:byNo:s1:1', value)]);
    expect(verdict).toMatchObject({ verdict: 'true', reason: '2 cached entries equal their documents' });
  });

  it('names the fields in which they differ', () => {
    const verdict = judged([entry('general:byId:s1:s1:g1', { ...stored, version: 3, orders: { 0: 'a' } })]);
    expect(verdict.verdict).toBe('false');
    expect(verdict.reason).toContain(
      'cached at version 3 and stored at version 4; they differ in orders, version',
    );
    expect(verdict.witnesses[0]?.facts).toMatchObject({ cached: { version: 3 }, stored: { version: 4 } });
  });

  it('sees a field that only one of them has', () => {
    const { orders: _, ...partial } = stored;
    expect(judged([entry('general:byId:s1:s1:g1', partial)]).verdict).toBe('false');
    expect(judged([entry('general:byId:s1:s1:g1', { ...stored, extra: 1 })]).verdict).toBe('false');
  });

  it('sees an entity that is cached and not stored', () => {
    expect(judged([entry('city:byId:s1:s1:c9', { _id: 's1:c9', version: 1 })]).verdict).toBe('false');
  });

  it('knows nothing when no entity was cached, or a key holds something else', () => {
    expect(judged([])).toMatchObject({ verdict: 'unknown' });
    const verdict = judged([entry('general:byId:s1:s1:g1', stored), entry('general:byNo:s1:1', null)]);
    expect(verdict.verdict).toBe('unknown');
    expect(verdict.reason).toContain('general:byNo:s1:1');
  });

  it('knows nothing when the system did not reach rest', () => {
    const stale = entry('general:byId:s1:s1:g1', { ...stored, version: 3 });
    expect(judged([stale], { quiescedMs: null }).reason).toContain('did not reach rest');
    expect(judged([stale], { queueLength: null }).reason).toContain('could not be read');
    expect(judged([stale], { queueLength: 1 }).reason).toContain('still held 1 entries');
  });

  it('compares with the document that the key names, not with the one it holds', () => {
    const other = general(2);
    const database = { generals: [stored, other] };
    const verdict = judged([entry('general:byNo:s1:1', other)], { database });
    expect(verdict.reason).toBe('general:byNo:s1:1 holds s1:g2, and the key names s1:g1');
    expect(judged([entry('general:byId:s1:s1:g1', other)], { database }).verdict).toBe('false');
  });

  it('compares lists, and those of a nation', () => {
    const database = {
      generals: [stored, general(2)],
      cities: [{ _id: 's1:c1', session_id: 's1', city: 1, nation: 2 }],
    };
    const verdictOf = (key: string, value: unknown) => judged([entry(key, value)], { database }).verdict;
    expect(verdictOf('generals:list:s1', database.generals)).toBe('true');
    expect(verdictOf('generals:list:s1', [stored])).toBe('false');
    expect(verdictOf('generals:list:s1', [stored, general(2, { version: 7 })])).toBe('false');
    expect(verdictOf('cities:nation:s1:2', database.cities)).toBe('true');
    expect(verdictOf('cities:nation:s1:1', database.cities)).toBe('false');
  });
});
