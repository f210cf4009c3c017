/** `$text`: terms of which one must be there, phrases that all must, and terms and phrases that must not. */
import { MongoError } from '../errors.ts';
import { isDocument, isTruthy, typeNameOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { indexedTexts, termScores } from './text-index.ts';
import type { TextIndex } from './text-index.ts';
import { folded, indexRules, languageOf, tokensOf } from './tokens.ts';
import type { TokenRules } from './tokens.ts';

export interface TextQuery {
  matches(document: Document): boolean;
  score(document: Document): number;
}

const known = new Set(['$search', '$language', '$caseSensitive', '$diacriticSensitive']);

/** @throws MongoError BadValue, TypeMismatch, 17262. */
export function compileTextQuery(operand: unknown, index: TextIndex): TextQuery {
  if (!isDocument(operand)) throw new MongoError('TypeMismatch', '$text expects an object');
  for (const name of Object.keys(operand)) {
    if (!known.has(name)) throw new MongoError('BadValue', `extra fields in $text: ${name}`);
  }
  const search = operand['$search'];
  if (typeof search !== 'string') {
    throw new MongoError(
      'TypeMismatch',
      `"$search" had the wrong type. Expected string, found ${typeNameOf(search)}`,
    );
  }
  const language = operand['$language'] ?? index.defaultLanguage;
  if (typeof language !== 'string') {
    throw new MongoError('TypeMismatch', '"$language" had the wrong type. Expected string');
  }
  for (const name of ['$caseSensitive', '$diacriticSensitive']) {
    const value = operand[name];
    if (value !== undefined && typeof value !== 'boolean') {
      throw new MongoError(
        'TypeMismatch',
        `"${name}" had the wrong type. Expected bool, found ${typeNameOf(value)}`,
      );
    }
  }
  const rules: TokenRules = {
    language: languageOf(language),
    isCaseSensitive: isTruthy(operand['$caseSensitive']),
    isDiacriticSensitive: isTruthy(operand['$diacriticSensitive']),
  };
  return new CompiledTextQuery(index, rules, parseSearch(search, rules));
}

interface Search {
  /** Terms of words and phrases, each once. */
  readonly terms: readonly string[];
  readonly negatedTerms: readonly string[];
  readonly phrases: readonly string[];
  readonly negatedPhrases: readonly string[];
}

function parseSearch(search: string, rules: TokenRules): Search {
  const terms: string[] = [];
  const negatedTerms: string[] = [];
  const phrases: string[] = [];
  const negatedPhrases: string[] = [];
  for (const [, minus, phrase, word] of search.matchAll(/(?:(?<=^|\s)(-))?(?:"([^"]*)"?|([^\s"]+))/g)) {
    const isNegated = minus !== undefined;
    const text = phrase ?? word ?? '';
    if (phrase !== undefined) (isNegated ? negatedPhrases : phrases).push(folded(phrase, rules));
    if (isNegated && phrase !== undefined) continue;
    (isNegated ? negatedTerms : terms).push(...tokensOf(text, rules));
  }
  return { terms: [...new Set(terms)], negatedTerms, phrases, negatedPhrases };
}

class CompiledTextQuery implements TextQuery {
  readonly #index: TextIndex;
  readonly #rules: TokenRules;
  readonly #search: Search;

  constructor(index: TextIndex, rules: TokenRules, search: Search) {
    this.#index = index;
    this.#rules = rules;
    this.#search = search;
  }

  matches(document: Document): boolean {
    const { terms, negatedTerms, phrases, negatedPhrases } = this.#search;
    const there = this.#termsOf(document);
    if (!terms.some((term) => there.has(term))) return false;
    if (negatedTerms.some((term) => there.has(term))) return false;
    if (phrases.length + negatedPhrases.length === 0) return true;
    const texts = indexedTexts(this.#index, document).map(({ text }) => folded(text, this.#rules));
    return (
      phrases.every((phrase) => texts.some((text) => text.includes(phrase))) &&
      !negatedPhrases.some((phrase) => texts.some((text) => text.includes(phrase)))
    );
  }

  score(document: Document): number {
    const scores = termScores(this.#index, document);
    const plain = new Set(this.#search.terms.map((term) => folded(term, indexRules(this.#rules.language))));
    let sum = 0;
    for (const term of plain) sum += scores.get(term) ?? 0;
    return sum;
  }

  /** The document's terms as the query wants them compared. */
  #termsOf(document: Document): Set<string> {
    const terms = new Set<string>();
    for (const { text, language } of indexedTexts(this.#index, document)) {
      for (const term of tokensOf(text, { ...this.#rules, language })) terms.add(term);
    }
    return terms;
  }
}
