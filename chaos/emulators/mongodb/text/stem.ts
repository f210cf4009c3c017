/** Stems of English words by M. F. Porter's algorithm ("An algorithm for suffix stripping", Program 14(3), 1980). */

export function englishStem(word: string): string {
  if (word.length < 3) return word;
  return final(derivational(endingY(pastAndGerund(plural(word)))));
}

function isConsonant(word: string, index: number): boolean {
  const letter = word[index];
  if (letter === 'y') return index === 0 || !isConsonant(word, index - 1);
  return letter === undefined || !'aeiou'.includes(letter);
}

/** How often a vowel is followed by a consonant. */
function measure(stem: string): number {
  let count = 0;
  for (let index = 1; index < stem.length; index += 1) {
    if (isConsonant(stem, index) && !isConsonant(stem, index - 1)) count += 1;
  }
  return count;
}

function hasVowel(stem: string): boolean {
  return [...stem].some((_, index) => !isConsonant(stem, index));
}

function endsDouble(stem: string): boolean {
  const last = stem.length - 1;
  return last > 0 && stem[last] === stem[last - 1] && isConsonant(stem, last);
}

/** Consonant, vowel, consonant, the last none of w, x, y. */
function endsShort(stem: string): boolean {
  const last = stem.length - 1;
  return (
    last >= 2 &&
    isConsonant(stem, last) &&
    !isConsonant(stem, last - 1) &&
    isConsonant(stem, last - 2) &&
    !'wxy'.includes(stem[last] ?? '')
  );
}

function plural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function pastAndGerund(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (!hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function endingY(word: string): string {
  return word.endsWith('y') && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

const secondStep: Readonly<Record<string, string>> = {
  ational: 'ate',
  tional: 'tion',
  enci: 'ence',
  anci: 'ance',
  izer: 'ize',
  abli: 'able',
  alli: 'al',
  entli: 'ent',
  eli: 'e',
  ousli: 'ous',
  ization: 'ize',
  ation: 'ate',
  ator: 'ate',
  alism: 'al',
  iveness: 'ive',
  fulness: 'ful',
  ousness: 'ous',
  aliti: 'al',
  iviti: 'ive',
  biliti: 'ble',
};
const thirdStep: Readonly<Record<string, string>> = {
  icate: 'ic',
  ative: '',
  alize: 'al',
  iciti: 'ic',
  ical: 'ic',
  ful: '',
  ness: '',
};
const fourthStep = [
  'ement',
  'ance',
  'ence',
  'able',
  'ible',
  'ment',
  'ant',
  'ent',
  'ion',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'al',
  'er',
  'ic',
  'ou',
];

function derivational(word: string): string {
  const short = replaced(replaced(word, secondStep), thirdStep);
  const suffix = fourthStep.find((ending) => short.endsWith(ending));
  if (suffix === undefined) return short;
  const stem = short.slice(0, -suffix.length);
  const isAllowed = measure(stem) > 1 && (suffix !== 'ion' || /[st]$/.test(stem));
  return isAllowed ? stem : short;
}

/** The longest suffix that fits counts, whether or not its stem is long enough. */
function replaced(word: string, suffixes: Readonly<Record<string, string>>): string {
  const suffix = Object.keys(suffixes)
    .toSorted((a, b) => b.length - a.length)
    .find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  return measure(stem) > 0 ? stem + (suffixes[suffix] ?? '') : word;
}

function final(word: string): string {
  let result = word;
  if (result.endsWith('e')) {
    const stem = result.slice(0, -1);
    if (measure(stem) > 1 || (measure(stem) === 1 && !endsShort(stem))) result = stem;
  }
  return measure(result) > 1 && endsDouble(result) && result.endsWith('l') ? result.slice(0, -1) : result;
}
