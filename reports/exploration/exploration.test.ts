import { describe, expect, it } from 'vitest';
import { compareExplorations } from './compare-explorations.ts';
import { type Exploration, type Injection, scoreOf } from './exploration.ts';
import { noveltyOf } from './novelty.ts';
import { changeLines, renderExploration } from './render-text.ts';
import { callRows, faultsOf, ranking } from './tables.ts';

const injection = (given: Partial<Injection> = {}): Injection => ({
  scenario: 'checkout',
  operation: 'add line',
  call: 'api update carts',
  store: 'mongo',
  fault: 'cut-before',
  result: 'survived',
  cell: 'explored-1',
  reason: 'answered: ok 200',
  behaviour: 'ok 200 | a',
  ...given,
});

const injections: readonly Injection[] = [
  injection(),
  injection({
    fault: 'WriteConflict',
    result: 'skipped',
    cell: null,
    reason: 'behaves alike',
    behaviour: '',
  }),
  injection({ fault: 'lose-reply', result: 'violated', reason: 'line 7 is lost' }),
  injection({
    call: 'api GET cart:*',
    store: 'redis',
    fault: 'kill-after',
    result: 'violated',
    reason: 'line 8',
  }),
  injection({
    call: 'api GET cart:*',
    store: 'redis',
    fault: 'lose-reply',
    result: 'violated',
    reason: 'line 9',
  }),
  injection({
    operation: null,
    call: 'worker LPOP jobs',
    store: 'redis',
    result: 'not tried',
    behaviour: '',
  }),
];

const exploration: Exploration = {
  injections: [...injections],
  notExplored: [{ what: 'calls to mail', why: 'its protocol is not known' }],
  novelty: noveltyOf(['a', 'a', 'b', 'c']),
  ended: 'the budget was used up',
  seconds: 60,
};

it('counts as decided only what acted and was clear', () => {
  expect(scoreOf(injections)).toEqual({
    survived: 1,
    violated: 3,
    undecided: 0,
    skipped: 1,
    notReached: 0,
    notTried: 1,
    decided: 4,
  });
});

describe('the estimate of Good and Turing', () => {
  it('is the share of injections whose behaviour was seen once', () => {
    expect(noveltyOf(['a', 'a', 'b', 'c', 'c', 'd'])).toMatchObject({
      injections: 6,
      behaviours: 4,
      share: 2 / 6,
    });
  });
  it('knows nothing without an injection', () => {
    expect(noveltyOf([])).toEqual({ injections: 0, behaviours: 0, share: 1, upTo: 1 });
  });
  it('is not certain when nothing was seen once', () => {
    const { share, upTo } = noveltyOf(Array.from({ length: 300 }, (_, index) => `b${index % 10}`));
    expect(share).toBe(0);
    expect(upTo).toBeCloseTo(0.01);
  });
});

it('ranks the calls that fail under most faults first', () => {
  expect(ranking(injections)).toEqual([
    { call: 'api GET cart:*', violated: 2, text: '2 injections (kill-after, lose-reply)' },
    { call: 'api update carts', violated: 1, text: '1 injection (lose-reply)' },
  ]);
});

it('has a row for each call and a column for each fault', () => {
  expect(callRows(injections).map(({ operation, call }) => [operation, call])).toEqual([
    ['add line', 'api GET cart:*'],
    ['add line', 'api update carts'],
    [null, 'worker LPOP jobs'],
  ]);
  expect(faultsOf(injections)).toEqual(['cut-before', 'lose-reply', 'kill-after', 'WriteConflict']);
});

it('tells in text what is not survived, the score and what was left out', () => {
  const text = renderExploration(exploration);
  expect(text).toContain('checkout, add line: api update carts × lose-reply: line 7 is lost');
  expect(text).toContain(
    'Resilience score: 1 of 4 injections survived (25.0 %); 1 skipped as alike, 1 not tried',
  );
  expect(text).toContain('calls to mail: its protocol is not known');
});

it('compares only what both decided', () => {
  const before = { injections: [injection({ fault: 'lose-reply' }), injection({ fault: 'pause' })] };
  const after = {
    injections: [injection({ fault: 'lose-reply', result: 'violated' as const }), injection()],
  };
  expect(compareExplorations(after, before)).toEqual({
    worse: ['checkout, add line: api update carts × lose-reply'],
    better: [],
    compared: 1,
    unlike: 2,
  });
});

it('takes for survived before only what was survived in all earlier explorations', () => {
  const lost = { fault: 'lose-reply', result: 'violated' as const };
  const before = { injections: [injection(lost), injection({ fault: 'lose-reply' })] };
  expect(compareExplorations({ injections: [injection(lost)] }, before)).toMatchObject({
    worse: [],
    compared: 1,
  });
});

it('tells a change by name', () => {
  const change = { worse: ['a × pause'], better: [], compared: 3, unlike: 1 };
  expect(changeLines(change, 'main')).toEqual([
    'Not survived, compared with main: 1 more, 0 fewer; 1 were decided in only one of the two',
    '  now violated: a × pause',
  ]);
});
