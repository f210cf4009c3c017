import { describe, expect, it } from 'vitest';
import type { Checker } from './checker.ts';
import { worstVerdict } from './checker.ts';
import { judge } from './judge.ts';
import { numberField } from '../history/fields.ts';
import { evidence, fault, operation } from '../testing/literal.ts';

const stub = (invariant: string, check: Checker['check']): Checker => ({
  invariant,
  title: `title of ${invariant}`,
  check,
});
const verdictOf = (invariant: string, verdict: 'true' | 'false' | 'unknown') =>
  stub(invariant, () => ({
    invariant,
    title: invariant,
    verdict,
    reason: `it is ${verdict}`,
    witnesses: [],
  }));
const held = verdictOf('T', 'true');
const violated = verdictOf('F', 'false');
const unknown = verdictOf('U', 'unknown');

describe('judging a cell', () => {
  it('gives one verdict for each checker, in that order', () => {
    const verdicts = judge([], evidence(), [violated, held]);
    expect(verdicts.map(({ invariant, verdict }) => [invariant, verdict])).toEqual([
      ['F', 'false'],
      ['T', 'true'],
    ]);
  });

  it('turns a checker that crashes into unknown, with its error', () => {
    const crashing = stub('C', () => {
      throw new Error('index out of range');
    });
    const [verdict] = judge([], evidence(), [crashing]);
    expect(verdict).toMatchObject({ verdict: 'unknown', title: 'title of C' });
    expect(verdict?.reason).toContain('index out of range');
  });

  it('turns true into unknown when the effect of a fault was not observed, and leaves false', () => {
    const faults = [fault('redis-down', [0, 1]), fault('redis-slow', [2, 3], false)];
    const verdicts = judge([], evidence({ faults }), [held, violated, unknown]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['unknown', 'false', 'unknown']);
    expect(verdicts[0]?.reason).toContain('redis-slow was not observed: no connection was open');
    expect(verdicts[2]?.reason).toContain('it is unknown; the effect of redis-slow');
  });

  it('is unknown for a line whose field is missing, not true', () => {
    const counting = stub('N', (history) => {
      for (const one of history) numberField(one, 'count');
      return { invariant: 'N', title: 'N', verdict: 'true', reason: 'all counted', witnesses: [] };
    });
    const [verdict] = judge([operation(1, 'add', 'ok', {}, [0, 1])], evidence(), [counting]);
    expect(verdict?.verdict).toBe('unknown');
    expect(verdict?.reason).toContain('"count"');
  });
});

describe('the worst of several verdicts', () => {
  it.each([
    [['true', 'unknown', 'false'] as const, 'false'],
    [['true', 'unknown'] as const, 'unknown'],
    [['true', 'true'] as const, 'true'],
    [[] as const, 'unknown'],
  ])('of %j is %s', (values, worst) => {
    expect(worstVerdict(values)).toBe(worst);
  });

  it('says nothing of a history that contradicts itself, and why', () => {
    const once = operation(1, 'write', 'ok', {}, [0, 5]);
    const reasons = [
      judge([once, once], evidence(), [held, violated]),
      judge([operation(1, 'write', 'ok', {}, [9, 5])], evidence(), [violated]),
      judge(
        [operation(1, 'write', 'info', {}, [0, 5]), operation(1, 'write', 'ok', {}, [7, 8])],
        evidence(),
        [violated],
      ),
      judge([once], evidence(), [violated], { truncatedAtLine: 2 }),
    ].map((verdicts) => {
      expect(verdicts.every(({ verdict }) => verdict === 'unknown')).toBe(true);
      return verdicts[0]?.reason;
    });
    expect(reasons).toEqual([
      'the history cannot be judged: the line of write of process 1 at 0 ms is there twice',
      'the history cannot be judged: write of process 1 at 9 ms ended 4 ms before it started',
      'the history cannot be judged: write of process 1 at 7 ms follows write of process 1 at 0 ms, which ended info: the process must not go on',
      'the history cannot be judged: it ends in the middle of line 2',
    ]);
  });
});
