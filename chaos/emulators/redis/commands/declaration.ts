/** What is known of a command beside what it does: who may call it, with how many arguments, and which of them are keys. */
import type { Bytes } from '../bytes/byte-string.ts';

/** In the order in which COMMAND INFO gives them. */
export const commandFlags = [
  'write',
  'readonly',
  'denyoom',
  'admin',
  'pubsub',
  'noscript',
  'blocking',
  'loading',
  'stale',
  'skip_monitor',
  'skip_slowlog',
  'asking',
  'fast',
  'no_auth',
  'may_replicate',
  'no_mandatory_keys',
  'protected',
  'no_async_loading',
  'no_multi',
  'allow_busy',
  'movablekeys',
] as const;

export type CommandFlag = (typeof commandFlags)[number];

export interface KeySpec {
  /** `RO`, `RW`, `OW` or `RM`, and what is done: `access`, `update`, `insert`, `delete`, … */
  readonly flags: readonly string[];
  readonly begin:
    | { readonly kind: 'index'; readonly index: number }
    | { readonly kind: 'keyword'; readonly keyword: string; readonly startFrom: number }
    | { readonly kind: 'unknown' };
  readonly find:
    | { readonly kind: 'range'; readonly last: number; readonly step: number; readonly limit: number }
    | { readonly kind: 'count' }
    | { readonly kind: 'unknown' };
}

export interface CommandDeclaration {
  /** In lower case; of a subcommand `container|name`. */
  readonly name: string;
  /** Number of words with the name; at least so many when negative. */
  readonly arity: number;
  readonly flags: ReadonlySet<CommandFlag>;
  readonly categories: readonly string[];
  readonly keys: readonly KeySpec[];
  readonly tips: readonly string[];
  readonly since: string;
  readonly group: string;
}

/**
 * Reads a table, a command a line: name, arity, flags, categories that do not follow from the flags (`-x` for one that would), key
 * specifications, hints for clients, version. A dash stands for none.
 *
 * Keys: `1:RO` is the argument 1, `1..-1/2:OW` every second one from 1 to the last, `#2:RO` as many as argument 2 says, behind it,
 * `STREAMS@1..-1%2:RO` those behind a word that is looked for from 1 on, up to the half of them; `?:RO` cannot be told.
 */
export function readCommandTable(group: string, table: string): CommandDeclaration[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', arity = '', flags = '', categories = '', keys = '', tips = '', since = ''] = line
        .trim()
        .split(/ +/);
      const read = list(keys, ';').map(readKeySpec);
      const set = new Set(list(flags, ',').map(readFlag));
      if (read.some((spec) => spec.begin.kind !== 'index' || spec.find.kind !== 'range'))
        set.add('movablekeys');
      return {
        name,
        arity: Number(arity),
        flags: set,
        categories: categoriesOf(set, list(categories, ',')),
        keys: read,
        tips: list(tips, ','),
        since,
        group,
      };
    });
}

/** The range of keys that clients knew before there were specifications: first, last and step; 0 for none. */
export function legacyRange(keys: readonly KeySpec[]): readonly [number, number, number] {
  let first = Infinity;
  let last = 0;
  let step = 0;
  for (const { begin, find } of keys) {
    if (begin.kind !== 'index' || find.kind !== 'range') continue;
    if (last !== 0 && last !== begin.index - 1 && first !== Infinity) continue;
    if (step !== 0 && step !== find.step) continue;
    first = Math.min(first, begin.index);
    const lastOfSpec = find.last >= 0 ? begin.index + find.last : find.last;
    last = last < 0 || lastOfSpec < 0 ? lastOfSpec : Math.max(last, lastOfSpec);
    step = find.step;
  }
  return first === Infinity ? [0, 0, 0] : [first, last, step];
}

/** Positions of the keys among the words; undefined when the words do not fit. */
export function keyPositions(spec: KeySpec, words: readonly Bytes[]): number[] | undefined {
  const start = beginOf(spec, words);
  if (start === undefined) return spec.begin.kind === 'keyword' ? [] : undefined;
  const positions: number[] = [];
  if (spec.find.kind === 'count') {
    const count = Number(words[start]);
    if (!Number.isInteger(count) || count < 0 || start + count >= words.length) return undefined;
    for (let at = start + 1; at <= start + count; at += 1) positions.push(at);
    return positions;
  }
  if (spec.find.kind === 'unknown') return [];
  const { last, step, limit } = spec.find;
  let end = last >= 0 ? start + last : words.length + last;
  if (last < 0 && limit > 1) end = start + Math.floor((words.length - start) / limit) + last;
  for (let at = start; at <= end; at += step) {
    if (at >= words.length) return undefined;
    positions.push(at);
  }
  return positions;
}

function beginOf({ begin }: KeySpec, words: readonly Bytes[]): number | undefined {
  switch (begin.kind) {
    case 'index':
      return begin.index < words.length ? begin.index : undefined;
    case 'keyword': {
      const isForward = begin.startFrom > 0;
      const from = isForward ? begin.startFrom : words.length + begin.startFrom;
      for (let at = from; isForward ? at < words.length : at > 0; at += isForward ? 1 : -1) {
        if (words[at]?.toUpperCase() === begin.keyword) return at + 1;
      }
      return undefined;
    }
    case 'unknown':
      return undefined;
  }
}

function list(text: string, separator: string): string[] {
  return text === '-' || text === '' ? [] : text.split(separator);
}

function readFlag(text: string): CommandFlag {
  const flag = commandFlags.find((each) => each === text);
  if (flag === undefined) throw new TypeError(`no flag of commands: ${text}`);
  return flag;
}

function readKeySpec(text: string): KeySpec {
  const [where = '', flagText = ''] = text.split(':');
  const flags = flagText.split(',');
  if (where === '?') return { flags, begin: { kind: 'unknown' }, find: { kind: 'unknown' } };
  const found = /^(#?)(?:([A-Z]+)@)?(-?\d+)(?:\.\.(-?\d+))?(?:\/(\d+))?(?:%(\d+))?$/.exec(where);
  if (found === null) throw new TypeError(`no key specification: ${text}`);
  const [, count, keyword, index = '0', last = '0', step = '1', limit = '0'] = found;
  return {
    flags,
    begin:
      keyword === undefined
        ? { kind: 'index', index: Number(index) }
        : { kind: 'keyword', keyword, startFrom: Number(index) },
    find:
      count === '#'
        ? { kind: 'count' }
        : { kind: 'range', last: Number(last), step: Number(step), limit: Number(limit) },
  };
}

function categoriesOf(flags: ReadonlySet<CommandFlag>, listed: readonly string[]): string[] {
  const categories = new Set<string>();
  for (const each of listed) if (!each.startsWith('-')) categories.add(each);
  if (flags.has('write')) categories.add('write');
  if (flags.has('readonly')) categories.add('read');
  if (flags.has('admin')) {
    categories.add('admin');
    categories.add('dangerous');
  }
  if (flags.has('pubsub')) categories.add('pubsub');
  categories.add(flags.has('fast') ? 'fast' : 'slow');
  if (flags.has('blocking')) categories.add('blocking');
  for (const each of listed) if (each.startsWith('-')) categories.delete(each.slice(1));
  return [...categories];
}
