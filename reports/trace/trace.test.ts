/** Traces: read back, damaged ones named, and cut to a budget without losing what matters. */
import { describe, expect, it } from 'vitest';
import { ReportsError } from '../errors.ts';
import { fitTrace, traceLines } from './fit-trace.ts';
import { parseTrace } from './read-trace.ts';
import { fateOf, type Trace, tracedCommandSchema } from './trace.ts';

const head = { traceVersion: 1, fromMs: 0, toMs: 100, dropped: [] };

function line(startedMs: number, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    proxy: 'redis',
    connection: 1,
    protocol: 'redis',
    command: 'GET',
    target: 'k',
    arguments: ['k'],
    startedMs,
    endedMs: startedMs + 1,
    streamOffset: 0,
    requestBytes: 20,
    replyBytes: 5,
    reply: null,
    ...more,
  });
}

function traceOf(...startedMs: number[]): Trace {
  return parseTrace([JSON.stringify(head), ...startedMs.map((each) => line(each))]);
}

describe('parseTrace', () => {
  it('orders commands by their start and leaves out a line that was cut off', () => {
    const trace = parseTrace([JSON.stringify(head), line(9), line(3), line(12).slice(0, 20)]);
    expect(trace.commands.map(({ startedMs }) => startedMs)).toEqual([3, 9]);
  });

  it.each([
    [['no head', line(1)], 'line 1'],
    [[JSON.stringify({ ...head, traceVersion: 2 })], 'traceVersion'],
    [[JSON.stringify(head), '{"half', line(1)], 'line 2: not JSON'],
    [[JSON.stringify(head), line(1, { startedMs: 'soon' })], 'line 2: startedMs'],
  ])('names what is damaged: %j', (lines, said) => {
    expect(() => parseTrace(lines)).toThrow(ReportsError);
    expect(() => parseTrace(lines)).toThrow(said);
  });
});

describe('fitTrace', () => {
  const each = () => 10;

  it('leaves one alone that fits', () => {
    const trace = traceOf(1, 2, 3);
    expect(fitTrace(trace, [], 30, each)).toBe(trace);
  });

  it('keeps what lies around the times of interest, then the latest, and tells what is gone', () => {
    const trace = traceOf(10, 20, 30, 40, 50, 60);
    const fitted = fitTrace(trace, [{ fromMs: 15, toMs: 25 }], 30, each);
    expect(fitted.commands.map(({ startedMs }) => startedMs)).toEqual([20, 50, 60]);
    expect(fitted.head.dropped).toEqual([
      { fromMs: 10, toMs: 10 },
      { fromMs: 30, toMs: 40 },
    ]);
    expect(parseTrace(traceLines(fitted))).toEqual(fitted);
  });
});

describe('fateOf', () => {
  it.each([
    ['answered', {}],
    ['error', { error: 'WriteConflict' }],
    ['no reply', { endedMs: null }],
    ['reply lost', { fault: { name: 'f', side: 'reply', action: 'close' } }],
    ['answered', { fault: { name: 'f', side: 'reply', action: 'delay' } }],
    ['no reply', { endedMs: null, fault: { name: 'f', side: 'request', action: 'reset' } }],
  ])('is %s for %j', (fate, more) => {
    expect(fateOf(tracedCommandSchema.parse(JSON.parse(line(1, more))))).toBe(fate);
  });
});
