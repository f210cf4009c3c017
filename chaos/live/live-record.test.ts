import { expect, test } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { LiveRecord } from './live-record.ts';

const startMs = 1_000_000;
const at = (sinceMs: number): number => startMs + sinceMs;
const read = (endsAtMs: number, type: Operation['type'] = 'ok'): Operation => ({
  process: 1,
  f: 'read-general',
  type,
  value: { status: type === 'ok' ? 200 : 503 },
  intendedMs: at(endsAtMs - 20),
  startedMs: at(endsAtMs - 20),
  endedMs: at(endsAtMs),
});

test('whole seconds are shown, the one that has begun is not', () => {
  const record = new LiveRecord(startMs);
  for (const endsAtMs of [100, 200, 1_500, 2_100]) record.add(read(endsAtMs));
  record.add(read(1_600, 'fail'));
  const data = record.chartData(at(2_400));
  expect(data.second).toEqual([0.5, 1.5]);
  expect(data.ok).toEqual([2, 1]);
  expect(data.fail).toEqual([0, 1]);
  expect(data.p50).toEqual([20, 20]);
  expect(data.errors).toEqual([{ kind: 'fail: HTTP 503', count: [0, 1] }]);
});

test('a fault reaches to the present until it is healed', () => {
  const record = new LiveRecord(startMs);
  record.applied('redis-down', at(1_000));
  expect(record.chartData(at(3_000)).faults).toEqual([{ name: 'redis-down', from: 1, to: 3 }]);
  record.healed('redis-down', at(4_000));
  record.applied('redis-down', at(8_000));
  expect(record.chartData(at(9_000)).faults).toEqual([
    { name: 'redis-down', from: 1, to: 4 },
    { name: 'redis-down', from: 8, to: 9 },
  ]);
});

test('a value that could not be had leaves a gap, and what is old is forgotten', () => {
  const record = new LiveRecord(startMs);
  record.gauge('sync queue', 'entries', at(1_000), 4);
  record.gauge('sync queue', 'entries', at(2_000), null);
  record.gauge('sync queue', 'entries', at(301_500), 7);
  record.add(read(500));
  record.applied('redis-down', at(500));
  record.healed('redis-down', at(900));
  expect(record.chartData(at(2_500)).gauges).toMatchObject([{ name: 'sync queue', time: [1, 301.5] }]);
  const later = record.chartData(at(302_000));
  expect(later.gauges).toMatchObject([{ time: [301.5], value: [7] }]);
  expect(later.faults).toEqual([]);
  expect(later.second).toHaveLength(300);
  expect(later.second.at(-1)).toBe(301.5);
});
