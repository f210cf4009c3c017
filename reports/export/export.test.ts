import { describe, expect, it } from 'vitest';
import { operation } from '../../scenarios/invariants/testing/literal.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { csvLines } from './csv.ts';
import { edn, ednLines } from './edn.ts';
import { openMetrics } from './open-metrics.ts';

describe('EDN', () => {
  it('has an invocation and a completion for each operation, in order of time', () => {
    const history = [
      operation(1, 'read-session', 'ok', { turn: 3 }, [1000, 1002.5]),
      { ...operation(2, 'turn', 'info', { turn: 4 }, [1001, 1009]), error: 'timeout "x"' },
    ];
    expect([...ednLines(history)]).toEqual([
      '{:index 0, :type :invoke, :process 1, :f :read-session, :value {:status 200, :sessionId "s1", :turn 3}, :time 0}',
      '{:index 1, :type :invoke, :process 2, :f :turn, :value {:status 0, :sessionId "s1", :turn 4}, :time 1000000}',
      '{:index 2, :type :ok, :process 1, :f :read-session, :value {:status 200, :sessionId "s1", :turn 3}, :time 2500000}',
      '{:index 3, :type :info, :process 2, :f :turn, :value {:status 0, :sessionId "s1", :turn 4}, :time 9000000, :error "timeout \\"x\\""}',
    ]);
  });

  it('takes what falls into one millisecond for concurrent, but for one process', () => {
    const history = [
      operation(1, 'train', 'ok', {}, [5, 5]),
      operation(1, 'train', 'ok', {}, [5, 6]),
      operation(2, 'train', 'ok', {}, [4, 5]),
    ];
    const types = [...ednLines(history)].map((line) =>
      /:type :(\w+), :process (\d)/.exec(line)?.slice(1).join(' '),
    );
    expect(types).toEqual(['invoke 2', 'invoke 1', 'ok 2', 'ok 1', 'invoke 1', 'ok 1']);
  });

  it.each([
    [null, 'nil'],
    ['a\n"b"\\', String.raw`"a\n\"b\"\\"`],
    [[1, true, { a: [] }], '[1 true {:a []}]'],
    [{ '0 x': 1 }, '{"0 x" 1}'],
  ])('writes %j as %s', (value, text) => {
    expect(edn(value)).toBe(text);
  });
});

describe('CSV', () => {
  it('has a line for each operation, with latency from the intended start', () => {
    const waiting = {
      ...operation(1, 'train', 'fail', { no: 2 }, [1000, 1010]),
      intendedMs: 990,
      error: 'a, "b"',
    };
    const lines = [...csvLines([waiting])];
    expect(lines[0]).toBe('process,f,type,intended_ms,started_ms,ended_ms,latency_ms,status,error,value');
    expect(lines[1]).toBe(
      '1,train,fail,990,1000,1010,20,503,"a, ""b""","{""status"":503,""sessionId"":""s1"",""no"":2}"',
    );
  });

  it('lets no text be taken for a formula', () => {
    const hostile = { ...operation(1, 'train', 'fail', {}, [0, 1]), error: '=HYPERLINK("x")' };
    expect([...csvLines([hostile])][1]).toContain(`"'=HYPERLINK(""x"")"`);
  });
});

describe('OpenMetrics', () => {
  const small = { seconds: 4, ratePerSecond: 20 };
  const report = syntheticReport([
    syntheticCell({ scenario: 'turns', fault: 'none', ...small }).cell,
    syntheticCell({ scenario: 'turns', fault: 're"d\\is', flaw: 'unobserved', ...small }).cell,
  ]);
  const lines = openMetrics(report).split('\n');

  it('tells verdicts, operations, latencies and recovery', () => {
    expect(lines).toContain('redcliff_verdict{scenario="turns",fault="none",invariant="I16"} 1');
    expect(lines).toContain(
      String.raw`redcliff_verdict{scenario="turns",fault="re\"d\\is",invariant="I16"} 0.5`,
    );
    expect(lines).toContain(
      'redcliff_operations{scenario="turns",fault="none",phase="baseline",type="ok"} 80',
    );
    expect(lines.some((line) => /^redcliff_latency_seconds\{.*quantile="0\.99"\} 0\.0\d+$/.test(line))).toBe(
      true,
    );
    expect(lines.filter((line) => line.startsWith('redcliff_recovery_seconds{'))).toHaveLength(1);
  });

  it('is what the format demands: families together, typed first, ended by EOF', () => {
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
    const seen = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
    expect(new Set(seen).size).toBe(seen.length);
    for (const line of lines.slice(0, -2))
      expect(line).toMatch(/^(# (TYPE|UNIT|HELP) |redcliff_\w+\{.*\} [\d.e-]+$)/);
  });
});
