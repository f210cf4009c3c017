/** Options of the configuration as the table declares them, and what each takes. */
import { parseInt64 } from '../numbers/integers.ts';
import { configurationTable } from './table.ts';

export type OptionKind =
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly takesSeveral: boolean }
  | {
      readonly kind: 'integer' | 'memory' | 'memory-or-percent' | 'octal';
      readonly minimum: bigint;
      readonly maximum: bigint;
    }
  | { readonly kind: 'text' }
  | { readonly kind: 'special'; readonly takesSeveral: boolean };

export interface Option {
  readonly name: string;
  readonly alias: string | undefined;
  readonly kind: OptionKind;
  readonly isFixed: boolean;
  readonly isProtected: boolean;
  /** No other value than the default is offered. */
  readonly hasDefaultOnly: boolean;
  readonly defaultValue: string;
}

/** A value, or why it is none. */
export type Parsed = { readonly value: string } | { readonly refusal: string };

const named: Readonly<Record<string, bigint>> = {
  int32: 2n ** 31n - 1n,
  uint32: 2n ** 32n - 1n,
  int64: 2n ** 63n - 1n,
  uint64: 2n ** 64n - 1n,
};

const units: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1_000_000n,
  mb: 1024n ** 2n,
  g: 1_000_000_000n,
  gb: 1024n ** 3n,
};

export const options: readonly Option[] = configurationTable.trim().split('\n').map(readRow);

/** By name and by alias. */
export const optionsByName: ReadonlyMap<string, Option> = new Map(
  options.flatMap((option) =>
    [option.name, option.alias].filter((name) => name !== undefined).map((name) => [name, option] as const),
  ),
);

/** Checks a value, and gives it the form in which CONFIG GET shows it. */
export function parseValue({ kind }: Option, text: string): Parsed {
  switch (kind.kind) {
    case 'text':
    case 'special':
      return { value: text };
    case 'words':
      return parseWords(kind.words, kind.takesSeveral, text);
    case 'octal':
    case 'integer':
    case 'memory':
    case 'memory-or-percent':
      return parseNumber(kind, text);
  }
}

function readRow(row: string): Option {
  const [name = '', alias = '', kind = '', marks = '', ...words] = row.split(/ +/);
  return {
    name,
    alias: alias === '-' ? undefined : alias,
    kind: readKind(kind),
    isFixed: marks.includes('fixed'),
    isProtected: marks.includes('protected'),
    hasDefaultOnly: marks.includes('only'),
    defaultValue: words.join(' '),
  };
}

function readKind(text: string): OptionKind {
  const takesSeveral = text.endsWith('*');
  const plain = takesSeveral ? text.slice(0, -1) : text;
  if (plain === 'text') return { kind: 'text' };
  if (plain === 'special') return { kind: 'special', takesSeveral };
  const found = /^(integer|memory|memory-or-percent|octal):(\S+)\.\.(\S+)$/.exec(plain);
  if (found === null) return { kind: 'words', words: plain.split('|'), takesSeveral };
  const [, kind, minimum = '', maximum = ''] = found;
  return {
    kind: kind === 'integer' || kind === 'memory' || kind === 'octal' ? kind : 'memory-or-percent',
    minimum: bound(minimum),
    maximum: bound(maximum),
  };
}

function bound(text: string): bigint {
  return named[text] ?? BigInt(text);
}

function parseWords(words: readonly string[], takesSeveral: boolean, text: string): Parsed {
  const given = takesSeveral ? text.split(' ').filter((word) => word !== '') : [text];
  const found = given.map((word) => words.find((each) => each === word.toLowerCase()));
  if (found.length > 0 && found.every((word) => word !== undefined)) return { value: found.join(' ') };
  if (words.length === 2 && words[0] === 'yes') return { refusal: "argument must be 'yes' or 'no'" };
  return { refusal: `argument(s) must be one of the following: ${words.join(', ')}` };
}

function parseNumber(kind: Extract<OptionKind, { readonly minimum: bigint }>, text: string): Parsed {
  const percent = kind.kind === 'memory-or-percent' ? /^(\d+)%$/.exec(text)?.[1] : undefined;
  if (percent !== undefined) {
    const isTooLarge = -BigInt(percent) < kind.minimum;
    return isTooLarge
      ? { refusal: `percentage argument must be less or equal to ${-kind.minimum}` }
      : { value: `${percent}%` };
  }
  const value = numberIn(kind.kind, text);
  if (value === undefined) return { refusal: refusals[kind.kind] };
  if (value < kind.minimum || value > kind.maximum) {
    const base = kind.kind === 'octal' ? 8 : 10;
    return {
      refusal: `argument must be between ${kind.minimum.toString(base)} and ${kind.maximum.toString(base)} inclusive`,
    };
  }
  return { value: value.toString(kind.kind === 'octal' ? 8 : 10) };
}

const refusals = {
  integer: "argument couldn't be parsed into an integer",
  memory: 'argument must be a memory value',
  'memory-or-percent': 'argument must be a memory or percent value',
  octal: "argument couldn't be parsed as an octal number",
} as const;

function numberIn(kind: keyof typeof refusals, text: string): bigint | undefined {
  if (kind === 'integer') return parseInt64(text);
  if (kind === 'octal') return /^[0-7]+$/.test(text) ? BigInt(`0o${text}`) : undefined;
  const found = /^(\d{0,120})([a-z]*)$/i.exec(text);
  const unit = units[(found?.[2] ?? '?').toLowerCase()];
  if (found === null || unit === undefined) return undefined;
  return BigInt.asUintN(64, BigInt(`0${found[1]}`) * unit);
}
