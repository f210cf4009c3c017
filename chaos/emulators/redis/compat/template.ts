/**
 * Commands at random from templates. A template is a line of words; `<name>` stands for a random value of that kind, `[ … ]` for what may
 * be left out, `( … | … )` for one of several, `{ … }` for what is repeated once to four times.
 */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';

export type Part =
  | { readonly kind: 'word'; readonly text: Bytes }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'optional' | 'repeated'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly Part[])[] };

export type Vocabulary = Readonly<Record<string, (random: Random) => Bytes>>;

export function parseTemplate(line: string): readonly Part[] {
  const tokens = line.trim().split(/\s+/);
  let at = 0;
  const readParts = (end: readonly string[]): Part[] => {
    const parts: Part[] = [];
    for (;;) {
      const token = tokens[at];
      if (token === undefined || end.includes(token)) return parts;
      at += 1;
      parts.push(readPart(token));
    }
  };
  const readPart = (token: string): Part => {
    const value = /^<(.+)>$/.exec(token)?.[1];
    if (value !== undefined) return { kind: 'value', name: value };
    if (token === '[' || token === '{') {
      const parts = readParts([token === '[' ? ']' : '}']);
      at += 1;
      return { kind: token === '[' ? 'optional' : 'repeated', parts };
    }
    if (token !== '(') return { kind: 'word', text: token };
    const branches: (readonly Part[])[] = [];
    for (;;) {
      branches.push(readParts(['|', ')']));
      at += 1;
      if (tokens[at - 1] !== '|') return { kind: 'choice', branches };
    }
  };
  const parts = readParts([]);
  if (at < tokens.length) throw new TypeError(`a template does not fit together: ${line}`);
  return parts;
}

export function expand(parts: readonly Part[], vocabulary: Vocabulary, random: Random): Bytes[] {
  return parts.flatMap((part) => {
    switch (part.kind) {
      case 'word':
        return [part.text];
      case 'value': {
        const make = vocabulary[part.name];
        if (make === undefined) throw new TypeError(`no values of kind ${part.name}`);
        return [make(random)];
      }
      case 'optional':
        return random.next() < 0.4 ? expand(part.parts, vocabulary, random) : [];
      case 'repeated': {
        const times = random.pick([1, 1, 1, 2, 2, 3, 4]);
        return Array.from({ length: times }, () => expand(part.parts, vocabulary, random)).flat();
      }
      case 'choice':
        return expand(random.pick(part.branches), vocabulary, random);
    }
  });
}
