/** Splits text into the terms a text index keeps: words without case, accents, stop words and English endings. */
import { locationError } from '../errors.ts';
import { englishStem } from './stem.ts';

export type Language = 'none' | 'english' | 'other';

/** Names and codes that MongoDB takes. Only English words are stemmed here; those of other languages are kept whole. */
const languages: ReadonlySet<string> = new Set(
  'danish da dutch nl english en finnish fi french fr german de hungarian hu italian it norwegian nb portuguese pt romanian ro russian ru spanish es swedish sv turkish tr'.split(
    ' ',
  ),
);

/** @throws MongoError 17262 for a language there is none of. */
export function languageOf(name: string): Language {
  const lower = name.toLowerCase();
  if (lower === 'none') return 'none';
  if (lower === 'english' || lower === 'en') return 'english';
  if (languages.has(lower)) return 'other';
  throw locationError(17262, `unsupported language: "${name}" for text index version 3`);
}

const englishStopWords: ReadonlySet<string> = new Set(
  `a about above after again against all am an and any are aren't as at be because been before being below between both
   but by can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further had
   hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's i i'd
   i'll i'm i've if in into is isn't it it's its itself let's me more most mustn't my myself no nor not of off on once
   only or other ought our ours ourselves out over own same shan't she she'd she'll she's should shouldn't so some such
   than that that's the their theirs them themselves then there there's these they they'd they'll they're they've this
   those through to too under until up very was wasn't we we'd we'll we're we've were weren't what what's when when's
   where where's which while who who's whom why why's with won't would wouldn't you you'd you'll you're you've your
   yours yourself yourselves`.split(/\s+/),
);

export interface TokenRules {
  readonly language: Language;
  readonly isCaseSensitive: boolean;
  readonly isDiacriticSensitive: boolean;
}

export const indexRules = (language: Language): TokenRules => ({
  language,
  isCaseSensitive: false,
  isDiacriticSensitive: false,
});

export function folded(text: string, { isCaseSensitive, isDiacriticSensitive }: TokenRules): string {
  const plain = isDiacriticSensitive ? text : text.normalize('NFD').replaceAll(/\p{Mn}/gu, '');
  return isCaseSensitive ? plain : plain.toLowerCase();
}

/** Terms in the order of the text. */
export function tokensOf(text: string, rules: TokenRules): string[] {
  const words = text.match(/[\p{L}\p{M}\p{N}_']+/gu) ?? [];
  const terms: string[] = [];
  for (const word of words) {
    const bare = word.replaceAll(/^'+|'+$/g, '');
    const lower = bare.toLowerCase();
    if (bare === '' || (rules.language === 'english' && englishStopWords.has(lower))) continue;
    const parts = rules.language === 'english' ? [bare.replace(/'s$/i, '')] : [bare];
    for (const part of parts.flatMap((item) => item.split("'"))) {
      if (part === '') continue;
      const term = folded(part, rules);
      terms.push(rules.language === 'english' ? stemmed(term) : term);
    }
  }
  return terms;
}

/** A stem is of lower case letters; what has others keeps them in front of the stripped ending. */
function stemmed(term: string): string {
  const lower = term.toLowerCase();
  const stem = englishStem(lower);
  return term === lower || !lower.startsWith(stem) ? stem : term.slice(0, stem.length);
}
