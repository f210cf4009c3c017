import { describe, expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import { diplomacySymmetric } from './i7-diplomacy-symmetric.ts';
import { evidence, operation } from './testing/literal.ts';

type Fields = Record<string, unknown>;

const row = (from: number, to: number, state: string): Fields => ({
  _id: `s1:d${from}-${to}`,
  session_id: 's1',
  from,
  to,
  state,
});
const both = (state: string): Fields[] => [row(1, 2, state), row(2, 1, state)];
const nation = (number: number, allies: number[], status = 'active'): Fields => ({
  _id: `s1:n${number}`,
  session_id: 's1',
  nation: number,
  status,
  allies,
});
const allied = [nation(1, [2]), nation(2, [1])];
const strangers = [nation(1, []), nation(2, [])];
const change = (
  state: string,
  [from, to]: [number, number],
  times: [number, number],
  type: Operation['type'] = 'ok',
  more: Fields = {},
): Operation => operation(1, 'diplomacy', type, { from, to, state, outcome: 'applied', ...more }, times);
const alliance = change('alliance', [1, 2], [0, 10]);

function judged(
  history: readonly Operation[],
  diplomacy: Fields[],
  nations: Fields[],
  overrides: Fields = {},
) {
  return diplomacySymmetric.check(history, evidence({ ...overrides, database: { diplomacy, nations } }));
}

describe('I7', () => {
  it('holds when both directions and both lists of allies agree', () => {
    expect(judged([alliance], both('alliance'), allied)).toMatchObject({ verdict: 'true' });
    const war = change('war', [2, 1], [20, 30]);
    expect(judged([alliance, war], both('war'), strangers).verdict).toBe('true');
  });

  it('sees directions that differ, and one that is missing', () => {
    const torn = judged(
      [alliance],
      [row(1, 2, 'alliance'), row(2, 1, 'war')],
      [nation(1, [2]), nation(2, [])],
    );
    expect(torn.reason).toBe(
      'nation 1 of s1 is at alliance with nation 2, and the other way round it is war',
    );
    expect(torn.witnesses).toHaveLength(1);
    expect(torn.witnesses[0]?.operations).toEqual([alliance]);
    const half = judged([alliance], [row(2, 1, 'war')], strangers);
    expect(half.reason).toContain(
      'nation 2 of s1 is at war with nation 1, and the other way round it is nothing',
    );
  });

  it('sees an ally that is not listed, and one that is none', () => {
    expect(judged([alliance], both('alliance'), [nation(1, [2]), nation(2, [])]).reason).toBe(
      'nation s1:n2 lists the allies [], and is allied with [1]',
    );
    const war = change('war', [1, 2], [0, 10]);
    expect(judged([war], both('war'), [nation(1, [2]), nation(2, [])]).reason).toContain(
      'lists the allies [2]',
    );
  });

  it('sees an acknowledged change that an older one replaced', () => {
    const later = change('war', [2, 1], [20, 30]);
    const verdict = judged([alliance, later], both('alliance'), allied);
    expect(verdict.reason).toContain('to war was acknowledged last, and the database has alliance');
    expect(verdict.witnesses[0]?.operations).toEqual([later]);
    expect(judged([alliance], [], strangers).reason).toContain('the database has nothing');
  });

  it('accepts either of two changes at once, and one of unknown end whenever it was sent', () => {
    const meanwhile = change('war', [2, 1], [10, 30]);
    expect(judged([alliance, meanwhile], both('alliance'), allied).verdict).toBe('true');
    expect(judged([alliance, meanwhile], both('war'), strangers).verdict).toBe('true');
    const later = change('war', [2, 1], [20, 30]);
    const unclear = change('neutral', [1, 2], [0, 5], 'info');
    expect(judged([unclear, alliance, later], both('neutral'), strangers).verdict).toBe('true');
    const twice = change('neutral', [1, 2], [0, 5], 'fail', { attempts: 2 });
    expect(judged([twice, later], both('neutral'), strangers).verdict).toBe('true');
  });

  it('does not accept a change that was answered as failed', () => {
    const failed = change('neutral', [1, 2], [20, 30], 'fail');
    expect(judged([alliance, failed], both('neutral'), strangers).verdict).toBe('false');
  });

  it('lets the relations of a destroyed nation end', () => {
    expect(judged([alliance], [], [nation(1, []), nation(2, [], 'destroyed')]).verdict).toBe('true');
  });

  it('knows nothing when no change was acknowledged, but sees what is torn at rest', () => {
    const unclear = change('war', [1, 2], [0, 10], 'info');
    expect(judged([unclear], both('war'), strangers)).toMatchObject({
      verdict: 'unknown',
      reason: 'no relation was changed',
    });
    expect(judged([], [row(1, 2, 'war')], strangers).verdict).toBe('false');
    expect(judged([], [row(1, 2, 'war')], strangers, { quiescedMs: null }).verdict).toBe('unknown');
    expect(judged([alliance], both('alliance'), allied, { quiescedMs: null }).verdict).toBe('unknown');
  });
});
