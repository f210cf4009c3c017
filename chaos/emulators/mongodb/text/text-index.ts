/** A text index's fields, weights and languages, and how much each term of a document weighs. */
import { locationError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { walkPath } from '../query/path.ts';
import type { Document, IndexSpec } from '../storage/contract.ts';
import { indexRules, languageOf, tokensOf } from './tokens.ts';
import type { Language } from './tokens.ts';

export interface TextIndex {
  readonly spec: IndexSpec;
  /** By path; `$**` is every string of the document. */
  readonly weights: ReadonlyMap<string, number>;
  readonly defaultLanguage: string;
  readonly languageOverride: string;
}

export interface WeightedText {
  readonly text: string;
  readonly weight: number;
  readonly language: Language;
}

export function textIndexOf(spec: IndexSpec): TextIndex {
  const { kindOptions = {} } = spec;
  const weights = isDocument(kindOptions['weights']) ? kindOptions['weights'] : {};
  return {
    spec,
    weights: new Map(Object.entries(weights).map(([path, weight]) => [path, numberOf(weight) ?? 1])),
    defaultLanguage: String(kindOptions['default_language'] ?? 'english'),
    languageOverride: String(kindOptions['language_override'] ?? 'language'),
  };
}

/** All strings of a document that the index covers. */
export function indexedTexts(index: TextIndex, document: Document): WeightedText[] {
  const language = languageAt(index, document, index.defaultLanguage);
  const texts: WeightedText[] = [];
  const everywhere = index.weights.get('$**');
  if (everywhere !== undefined) collectAll(index, document, language, everywhere, texts);
  for (const [path, weight] of index.weights) {
    if (path === '$**') continue;
    const parts = path.split('.');
    const before = new Set<unknown>();
    walkPath(document, parts, { expandLeaf: true }, (value) => {
      if (typeof value === 'string' && !before.has(value)) {
        texts.push({
          text: value,
          weight,
          language: languageOf(nestedLanguage(index, document, parts, language)),
        });
      }
      return false;
    });
  }
  return texts;
}

function collectAll(
  index: TextIndex,
  value: unknown,
  language: string,
  weight: number,
  texts: WeightedText[],
): void {
  if (typeof value === 'string') texts.push({ text: value, weight, language: languageOf(language) });
  else if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) collectAll(index, item, language, weight, texts);
  } else if (isDocument(value)) {
    const inner = languageAt(index, value, language);
    for (const name of Object.keys(value)) collectAll(index, value[name], inner, weight, texts);
  }
}

/** A subdocument may name a language of its own. */
function nestedLanguage(
  index: TextIndex,
  document: Document,
  parts: readonly string[],
  outer: string,
): string {
  let language = outer;
  let value: unknown = document;
  for (const part of parts.slice(0, -1)) {
    value = isDocument(value) ? value[part] : undefined;
    if (isDocument(value)) language = languageAt(index, value, language);
  }
  return language;
}

function languageAt({ languageOverride }: TextIndex, document: Document, outer: string): string {
  const value = document[languageOverride];
  if (value === undefined) return outer;
  if (typeof value === 'string') return value;
  throw locationError(17261, 'found language override field in document with non-string type');
}

/** Score of each term as MongoDB 7 computes it (fts_spec.cpp, index versions 2 and 3). */
export function termScores(index: TextIndex, document: Document): Map<string, number> {
  const scores = new Map<string, number>();
  for (const { text, weight, language } of indexedTexts(index, document)) {
    const terms = tokensOf(text, indexRules(language));
    const occurrences = new Map<string, { count: number; frequency: number; decay: number }>();
    for (const term of terms) {
      const seen = occurrences.get(term) ?? { count: 0, frequency: 0, decay: 0.5 };
      seen.decay *= 2;
      seen.count += 1;
      seen.frequency += 1 / seen.decay;
      occurrences.set(term, seen);
    }
    for (const [term, { count, frequency }] of occurrences) {
      const share = (0.5 * count) / terms.length + 0.5;
      const boost = text.length === term.length && text.toLowerCase() === term ? 1.1 : 1;
      scores.set(term, (scores.get(term) ?? 0) + weight * frequency * share * boost);
    }
  }
  return scores;
}
