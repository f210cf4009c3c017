/** SORT: lists, sets and sorted sets in order, also of what other keys say. */
import { denialFor } from '../../acl/permissions.ts';
import { compareBytes, type Bytes } from '../../bytes/byte-string.ts';
import { plainError, syntaxError, wrongType } from '../../errors.ts';
import { parseBound } from '../../numbers/strtod.ts';
import type { Reply } from '../../reply/reply.ts';
import { ListValue } from '../../values/list-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

interface Options {
  isDescending: boolean;
  isAlphabetic: boolean;
  offset: number;
  count: number;
  by: Bytes | undefined;
  readonly gets: Bytes[];
  store: Bytes | undefined;
}

interface Sortable {
  readonly item: Bytes;
  readonly weight: number;
  readonly text: Bytes | undefined;
}

function sort(context: Context, isReadonly: boolean): Reply {
  const options = readOptions(context, isReadonly);
  const value = context.server.keyspace.read(context.database, context.word(1));
  if (value !== undefined && value.type !== 'list' && value.type !== 'set' && value.type !== 'zset') {
    throw wrongType();
  }
  let keepsOrder = options.by !== undefined && !options.by.includes('*');
  if (value?.type === 'set' && keepsOrder && (options.store !== undefined || context.client.isScript)) {
    // Their order would be any, and is written down or decided by.
    keepsOrder = false;
    options.isAlphabetic = true;
    options.by = undefined;
  }
  // Redis sorts no compact encoding, and keeps the other one.
  if (value?.type === 'zset') value.encoding = 'skiplist';
  let items: Bytes[] = [];
  if (value?.type === 'list') items = value.slice(0, value.size);
  else if (value?.type === 'set') items = value.members();
  else if (value?.type === 'zset') items = value.slice(0, value.size).map(({ member }) => member);
  if (keepsOrder && options.isDescending && value?.type !== 'set') items.reverse();
  const sorted = keepsOrder ? items : sortItems(context, items, options);
  const chosen = sorted.slice(...boundsOf(options, sorted.length));
  const output = options.gets.length === 0 ? chosen : chosen.flatMap((item) => fetch(context, item, options));
  return options.store === undefined ? output : store(context, options.store, output);
}

function readOptions(context: Context, isReadonly: boolean): Options {
  const options: Options = {
    isDescending: false,
    isAlphabetic: false,
    offset: 0,
    count: -1,
    by: undefined,
    gets: [],
    store: undefined,
  };
  for (let at = 2; at < context.words.length; at += 1) {
    const name = context.option(at);
    const left = context.words.length - at - 1;
    if (name === 'asc' || name === 'desc') options.isDescending = name === 'desc';
    else if (name === 'alpha') options.isAlphabetic = true;
    else if (name === 'limit' && left >= 2) {
      options.offset = context.integer(at + 1);
      options.count = context.integer(at + 2);
      at += 2;
    } else if (name === 'store' && left >= 1 && !isReadonly) {
      at += 1;
      options.store = context.word(at);
    } else if (name === 'by' && left >= 1) {
      at += 1;
      options.by = context.word(at);
      if (options.by.includes('*')) checkAllKeys(context, 'BY');
    } else if (name === 'get' && left >= 1) {
      at += 1;
      checkAllKeys(context, 'GET');
      options.gets.push(context.word(at));
    } else throw syntaxError();
  }
  return options;
}

/** Which keys are read only shows on the way, so that the user has to be allowed all. */
function checkAllKeys({ client, command, server, words }: Context, option: string): void {
  const user = server.users.get(client.user);
  if (user === undefined || user.root.allKeys) return;
  const mayReadAll =
    user.selectors.some(({ allKeys }) => allKeys) && denialFor(user, command, words) === undefined;
  if (!mayReadAll) throw plainError(`${option} option of SORT denied due to insufficient ACL permissions.`);
}

function sortItems(context: Context, items: readonly Bytes[], options: Options): Bytes[] {
  let isConvertible = true;
  const sortable = items.map((item): Sortable => {
    const by = options.by === undefined ? item : lookUp(context, options.by, item);
    if (options.isAlphabetic) return { item, weight: 0, text: by };
    if (by === undefined) return { item, weight: 0, text: undefined };
    const weight = parseBound(by);
    if (weight === undefined) isConvertible = false;
    return { item, weight: weight ?? 0, text: undefined };
  });
  if (!isConvertible) throw plainError("One or more scores can't be converted into double");
  const direction = options.isDescending ? -1 : 1;
  return sortable.sort((left, right) => direction * compare(left, right, options)).map(({ item }) => item);
}

function compare(left: Sortable, right: Sortable, { isAlphabetic, by }: Options): number {
  if (!isAlphabetic) {
    if (left.weight !== right.weight) return left.weight < right.weight ? -1 : 1;
    return compareBytes(left.item, right.item);
  }
  if (by === undefined) return compareBytes(left.item, right.item);
  if (left.text === undefined || right.text === undefined) {
    if (left.text === right.text) return 0;
    return left.text === undefined ? -1 : 1;
  }
  return compareBytes(left.text, right.text);
}

function boundsOf({ offset, count }: Options, length: number): [number, number] {
  const start = Math.min(Math.max(offset, 0), length);
  return [start, count < 0 ? length : Math.min(length, start + count)];
}

function fetch(context: Context, item: Bytes, { gets }: Options): (Bytes | null)[] {
  return gets.map((pattern) => lookUp(context, pattern, item) ?? null);
}

/** The string, or the field of a hash (`key->field`), of the key that the pattern names with the item in place of its star. */
function lookUp(context: Context, pattern: Bytes, item: Bytes): Bytes | undefined {
  if (pattern === '#') return item;
  const star = pattern.indexOf('*');
  if (star === -1) return undefined;
  const arrow = pattern.indexOf('->', star + 1);
  const field = arrow === -1 ? '' : pattern.slice(arrow + 2);
  const end = field === '' ? pattern.length : arrow;
  const key = pattern.slice(0, star) + item + pattern.slice(star + 1, end);
  const value = context.server.keyspace.read(context.database, key);
  if (field !== '') return value?.type === 'hash' ? value.get(field) : undefined;
  return value?.type === 'string' ? value.bytes : undefined;
}

function store(context: Context, key: Bytes, output: readonly (Bytes | null)[]): Reply {
  if (output.length === 0) {
    if (context.delete(key)) {
      context.notify('generic', 'del', key);
      context.server.dirty += 1;
    }
    return 0;
  }
  const list = new ListValue();
  for (const item of output) list.push('right', item ?? '');
  context.server.keyspace.put(context.database, key, list);
  context.notify('list', 'sortstore', key);
  context.server.dirty += output.length;
  return output.length;
}

export const sorting: Runs = {
  sort: (context) => sort(context, false),
  sort_ro: (context) => sort(context, true),
};
