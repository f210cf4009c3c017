/** Text search: which documents match, and how well. */
import { describe, expect, it } from 'vitest';
import type { IndexSpec } from '../storage/contract.ts';
import { englishStem } from './stem.ts';
import { textIndexOf } from './text-index.ts';
import { compileTextQuery } from './text-query.ts';
import { tokensOf, indexRules } from './tokens.ts';

const spec: IndexSpec = {
  name: 'text',
  key: { _fts: 'text', _ftsx: 1 },
  unique: false,
  sparse: false,
  kindOptions: {
    weights: { title: 10, body: 1 },
    default_language: 'english',
    language_override: 'language',
  },
};

function matches(search: unknown, document: Record<string, unknown>): boolean {
  const operand = typeof search === 'string' ? { $search: search } : search;
  return compileTextQuery(operand, textIndexOf(spec)).matches(document);
}

function score(search: string, document: Record<string, unknown>): number {
  return compileTextQuery({ $search: search }, textIndexOf(spec)).score(document);
}

describe('text queries', () => {
  it.each([
    ['coffee', { body: 'Coffee and cake' }, true],
    ['coffee tea', { body: 'only tea' }, true],
    ['running', { body: 'he runs' }, true],
    ['the', { body: 'the' }, false],
    ['cafe', { body: 'Café' }, true],
    ['"coffee shop"', { body: 'a coffee shop' }, true],
    ['"coffee shop"', { body: 'a shop of coffee' }, false],
    ['coffee -shop', { body: 'coffee shop' }, false],
    ['coffee -shop', { body: 'coffee' }, true],
    ['-coffee', { body: 'tea' }, false],
    ['coffee', { other: 'coffee' }, false],
    ['coffee', { body: ['tea', 'coffee'] }, true],
    [{ $search: 'Coffee', $caseSensitive: true }, { body: 'coffee' }, false],
    [{ $search: 'Coffee', $caseSensitive: true }, { body: 'Coffee' }, true],
    [{ $search: 'cafe', $diacriticSensitive: true }, { body: 'café' }, false],
    [{ $search: 'running', $language: 'none' }, { body: 'running', language: 'none' }, true],
    ['die', { body: 'die', language: 'none' }, true],
  ])('%j in %j: %s', (search, document, expected) => {
    expect(matches(search, document)).toBe(expected);
  });

  it('weighs a field by its weight, and a word by its share of the text', () => {
    expect(score('shop', { body: 'shop' })).toBeCloseTo(1.1);
    expect(score('shop', { title: 'Shop' })).toBeCloseTo(11);
    expect(score('coffee', { body: 'coffee shop' })).toBeCloseTo(0.75);
    expect(score('coffee shop', { body: 'coffee shop' })).toBeCloseTo(1.5);
    expect(score('coffee', { body: 'coffee coffee' })).toBeCloseTo(1.5);
  });

  it.each([
    [{ $search: 7 }, 14],
    [{ $search: 'a', $language: 'klingon' }, 17262],
    [{ $search: 'a', $nonsense: 1 }, 2],
    [{ $search: 'a', $caseSensitive: 1 }, 14],
  ])('refuses %j with %i', (operand, code) => {
    expect(() => compileTextQuery(operand, textIndexOf(spec))).toThrow(expect.objectContaining({ code }));
  });
});

describe('terms', () => {
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['agreed', 'agre'],
    ['hopping', 'hop'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['relational', 'relat'],
    ['formalize', 'formal'],
    ['adjustment', 'adjust'],
    ['controlling', 'control'],
    ['sky', 'sky'],
  ])('%s has the stem %s', (word, stem) => {
    expect(englishStem(word)).toBe(stem);
  });

  it('are words, split at what is none', () => {
    expect(tokensOf("It's the user_name, e-mail & 2nd value", indexRules('english'))).toEqual([
      'user_nam',
      'e',
      'mail',
      '2nd',
      'valu',
    ]);
    expect(tokensOf('Über den Wolken', indexRules('other'))).toEqual(['uber', 'den', 'wolken']);
  });
});
