import { describe, expect, it } from 'vitest';
import { evidence, operation } from '../testing/literal.ts';
import { cacheAgrees } from './cache-agrees.ts';
import { allOf } from './checker.ts';
import { deadline } from './deadline.ts';
import { lastWrite } from './last-write.ts';
import { linearizable } from './linearizable.ts';
import { noStaleReads } from './no-stale-reads.ts';
import { noUnexpectedExit } from './no-unexpected-exit.ts';
import { preserved } from './preserved.ts';
import { counted } from './tally.ts';

const stock = (id: string, units: number) => ({ _id: id, sku: id, units });
const numbers = (values: Record<string, number>) => () => new Map(Object.entries(values));

describe('preserved', () => {
  const rule = preserved({ collections: { stock: { identity: ['sku'], unchanged: ['units'] } } });
  const verdictOf = (...stored: Record<string, unknown>[]) =>
    rule.check([], evidence({ initial: { stock: [stock('a', 1)] }, database: { stock: stored } })).verdict;

  it('sees what is gone, there twice, or changed', () => {
    expect(verdictOf(stock('a', 1), stock('b', 1))).toBe('true');
    expect(verdictOf()).toBe('false');
    expect(verdictOf(stock('a', 1), { ...stock('a', 1), _id: 'z' })).toBe('false');
    expect(verdictOf(stock('a', 2))).toBe('false');
  });

  it('knows nothing without the beginning', () => {
    expect(rule.check([], evidence()).verdict).toBe('unknown');
  });
});

describe('counted', () => {
  const sold = (type: 'fail' | 'info' | 'ok', units: number, process = 1) =>
    operation(process, 'sell', type, { sku: 'a', units }, [0, 5]);
  const verdictOf = (found: number, beside: readonly [number, number] = [0, 0]) =>
    counted({
      operations: { f: 'sell' },
      key: 'sku',
      amount: 'units',
      initial: numbers({ a: 100 }),
      final: numbers({ a: found }),
      beside: () => beside,
    }).check([sold('ok', 5), sold('info', 7, 2), sold('fail', 50, 3)], evidence()).verdict;

  it('adds what was acknowledged, and any of what ended unknown', () => {
    expect([105, 112].map((found) => verdictOf(found))).toEqual(['true', 'true']);
    expect([100, 106, 155].map((found) => verdictOf(found))).toEqual(['false', 'false', 'false']);
  });

  it('allows for other work', () => {
    expect([107, 108].map((found) => verdictOf(found, [2, 2]))).toEqual(['true', 'false']);
  });
});

describe('last write', () => {
  const write = (process: number, text: string, at: number, version: number) =>
    operation(process, 'write', 'ok', { key: 'k', text, version }, [at, at + 10]);
  const judged = (found: string, version?: string) =>
    lastWrite({
      writes: { f: 'write' },
      key: 'key',
      value: 'text',
      ...(version === undefined ? {} : { version }),
      final: () => new Map([['k', found]]),
    }).check([write(1, 'one', 0, 2), write(2, 'two', 5, 1), write(3, 'old', -50, 0)], evidence()).verdict;

  it('accepts either of two at once, unless their versions tell the order', () => {
    expect(['one', 'two', 'old', 'nobody'].map((text) => judged(text))).toEqual([
      'true',
      'true',
      'false',
      'false',
    ]);
    expect(['one', 'two'].map((text) => judged(text, 'version'))).toEqual(['true', 'false']);
  });
});

describe('linearizable', () => {
  const counter = linearizable<number>({
    operations: { f: ['add', 'get'] },
    key: 'key',
    model: {
      initial: () => 0,
      apply: (state, { f }) => (f === 'add' ? { state: state + 1 } : { state, answer: { value: state } }),
      show: (state) => state,
    },
    reads: ({ f }) => f === 'get',
    final: ({ database }) =>
      new Map((database['counters'] ?? []).map((one) => [String(one['_id']), one['value']])),
  });
  const add = (type: 'info' | 'ok', at: number) => operation(1, 'add', type, { key: 'k' }, [at, at + 5]);
  const get = (value: number, at: number) => operation(2, 'get', 'ok', { key: 'k', value }, [at, at + 5]);
  const judged = (history: Parameters<typeof counter.check>[0], final: number) =>
    counter.check(history, evidence({ database: { counters: [{ _id: 'k', value: final }] } })).verdict;

  it('takes the final state for the last observation', () => {
    expect(judged([add('ok', 0), get(1, 10)], 1)).toBe('true');
    expect(judged([add('ok', 0), get(0, 10)], 1)).toBe('false');
    expect(judged([add('ok', 0), get(1, 10)], 0)).toBe('false');
    expect(
      [1, 2, 3].map((final) => judged([add('ok', 0), { ...add('info', 10), process: 3 }], final)),
    ).toEqual(['true', 'true', 'false']);
  });
});

describe('cache agrees', () => {
  it('compares with the document that the key names', () => {
    const rule = cacheAgrees({
      keys: (key) => (key.startsWith('item:') ? { collection: 'items', name: key.slice(5) } : null),
    });
    const judged = (key: string, value: unknown) =>
      rule.check(
        [],
        evidence({
          cache: [{ key, type: 'string', ttlMs: 1, value }],
          database: { items: [stock('a', 1), stock('b', 1)] },
        }),
      ).verdict;
    expect(judged('item:a', stock('a', 1))).toBe('true');
    expect(judged('item:a', stock('b', 1))).toBe('false');
    expect(judged('item:a', null)).toBe('unknown');
    expect(judged('other:a', stock('a', 9))).toBe('unknown');
  });
});

describe('no stale reads', () => {
  const read = (process: number, version: number, at: number) =>
    operation(process, 'read', 'ok', { id: 'x', version }, [at, at + 10]);
  const rule = noStaleReads({
    reads: { f: 'read' },
    views: ({ value }) => [{ entity: 'x', quantity: 'version', value: Number(value['version']) }],
    initial: () => [{ entity: 'x', quantity: 'version', value: 2 }],
    boundMs: () => 100,
  });

  it('compares readers with each other, and with the beginning', () => {
    expect(rule.check([read(1, 5, 0), read(2, 4, 110)], evidence()).verdict).toBe('true');
    expect(rule.check([read(1, 5, 0), read(2, 4, 111)], evidence()).verdict).toBe('false');
    expect(rule.check([read(1, 1, 0)], evidence()).verdict).toBe('false');
  });
});

it('makes one invariant of several rules', () => {
  const both = allOf({ invariant: 'both', title: '' }, deadline(), noUnexpectedExit());
  const slow = operation(1, 'buy', 'ok', {}, [0, 60_000]);
  expect(both.check([slow], evidence()).verdict).toBe('false');
  expect(both.check([operation(1, 'buy', 'ok', {}, [0, 6])], evidence())).toMatchObject({
    verdict: 'unknown',
  });
});
