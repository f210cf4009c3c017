import { expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseSlo, sloDefault } from './slo-option.ts';

it('reads objectives', () => {
  expect(parseSlo(sloDefault)).toEqual({ percentile: 99, latencyMs: 200, errorShare: 0.001 });
  expect(parseSlo('p99.9=1s')).toEqual({ percentile: 99.9, latencyMs: 1_000, errorShare: 0 });
  expect(parseSlo(' errors=5% , p50=20ms ')).toEqual({ percentile: 50, latencyMs: 20, errorShare: 0.05 });
});

it.each([
  ['p99=0ms', '--slo p99'],
  ['p99=-5ms', '--slo p99'],
  ['p99', '"p99" is not an objective'],
  ['p42=10ms', 'neither "errors" nor a percentile'],
  ['p101=10ms', 'neither "errors" nor a percentile'],
  ['p99=soon', '--slo p99 "soon"'],
  ['p99=2h', 'longer than a request'],
  ['errors=1%', 'names no latency'],
  ['p99=10ms,errors=100%', 'errors=100%'],
  ['p99=10ms,errors=-1%', 'errors=-1%'],
  ['p99=10ms,errors=0.1', 'errors=0.1'],
  ['p99=10ms,p50=5ms', 'second latency'],
  ['p99=10ms,errors=1%,errors=2%', 'twice'],
  ['', 'is not an objective'],
])('refuses %j, naming the field', (text, words) => {
  expect(() => parseSlo(text)).toThrow(UsageError);
  expect(() => parseSlo(text)).toThrow(words);
});
