import { describe, expect, it } from 'vitest';
import type { Checker } from './checker.ts';
import { worstVerdict } from './checker.ts';
import { judge } from './judge.ts';
import { evidence, fault, operation } from './literal.ts';
import { checkers } from './registry.ts';

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
const registry = [verdictOf('T', 'true'), verdictOf('F', 'false'), verdictOf('U', 'unknown')];

describe('judging a cell', () => {
  it('gives one verdict for each invariant asked for, in that order', () => {
    const verdicts = judge([], evidence(), ['F', 'T'], registry);
    expect(verdicts.map(({ invariant, verdict }) => [invariant, verdict])).toEqual([
      ['F', 'false'],
      ['T', 'true'],
    ]);
  });

  it('turns a checker that crashes into unknown, with its error', () => {
    const crashing = stub('C', () => {
      throw new Error('index out of range');
    });
    const [verdict] = judge([], evidence(), ['C'], [crashing]);
    expect(verdict).toMatchObject({ verdict: 'unknown', title: 'title of C' });
    expect(verdict?.reason).toContain('index out of range');
  });

  it('knows nothing of an invariant without a checker', () => {
    expect(judge([], evidence(), ['I99'])).toMatchObject([{ invariant: 'I99', verdict: 'unknown' }]);
  });

  it('lets a fault that nobody felt turn true into unknown, and leaves false', () => {
    const faults = [fault('redis-down', [0, 1]), fault('redis-slow', [2, 3], false)];
    const verdicts = judge([], evidence({ faults }), ['T', 'F', 'U'], registry);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['unknown', 'false', 'unknown']);
    expect(verdicts[0]?.reason).toContain('redis-slow was not observed: no connection was open');
    expect(verdicts[2]?.reason).toContain('it is unknown; the effect of redis-slow');
  });

  it('is unknown for a line whose field is missing, not true', () => {
    const broken = operation(1, 'turn', 'ok', { outcome: 'applied' }, [0, 1]);
    const [verdict] = judge([broken], evidence(), ['I2']);
    expect(verdict?.verdict).toBe('unknown');
    expect(verdict?.reason).toContain('"currentTurn"');
  });

  it('is unknown when the database was not read', () => {
    const partial = { ...evidence(), database: {} };
    expect(judge([], partial, ['I1', 'I2', 'I10', 'I11']).map(({ verdict }) => verdict)).toEqual(
      Array.from({ length: 4 }, () => 'unknown'),
    );
  });
});

describe('the registry', () => {
  it('is in alphabetical order and has each invariant once', () => {
    const names = checkers.map(({ invariant }) => invariant);
    expect(names).toEqual([...new Set(names)].toSorted());
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
});
