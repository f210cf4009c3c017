/** The table library (§5.5 of the manual). */
import type { Bytes } from '../../bytes/byte-string.ts';
import { functionAt, int32At, optionalTextAt, tableArgument } from '../arguments.ts';
import { toText, typeName } from '../conversions.ts';
import { NativeFault } from '../errors.ts';
import type { LuaTable, Caller, LuaValue } from '../values.ts';
import { libraryTable } from './library.ts';
import { sortTable } from './table-sort.ts';

export function tableLibrary(): LuaTable {
  return libraryTable({
    concat: (args) => {
      const separator = optionalTextAt(args, 1, '');
      const table = tableArgument(args, 0);
      const from = args[2] === undefined ? 1 : int32At(args, 2);
      const to = args[3] === undefined ? table.length() : int32At(args, 3);
      const parts: Bytes[] = [];
      for (let at = from; at <= to; at += 1) {
        const value = table.get(at);
        const text = toText(value);
        if (text === undefined) {
          throw new NativeFault(`invalid value (${typeName(value)}) at index ${at} in table for 'concat'`);
        }
        parts.push(text);
      }
      return [parts.join(separator)];
    },
    foreach: (args, caller) => {
      const table = tableArgument(args, 0);
      const visit = functionAt(args, 1);
      for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
        const [result] = caller.call(visit, entry);
        if (result !== undefined) return [result];
      }
      return [];
    },
    foreachi: (args, caller) => {
      const table = tableArgument(args, 0);
      const visit = functionAt(args, 1);
      const length = table.length();
      for (let at = 1; at <= length; at += 1) {
        const [result] = caller.call(visit, [at, table.get(at)]);
        if (result !== undefined) return [result];
      }
      return [];
    },
    getn: (args) => [tableArgument(args, 0).length()],
    insert: (args) => {
      insert(args);
      return [];
    },
    maxn: (args) => [largestNumber(tableArgument(args, 0))],
    remove: (args) => remove(args),
    setn: (args) => {
      tableArgument(args, 0);
      throw new NativeFault("'setn' is obsolete");
    },
    sort: (args, caller) => {
      sort(args, caller);
      return [];
    },
  });
}

function insert(args: readonly LuaValue[]): void {
  const table = tableArgument(args, 0);
  const end = table.length() + 1;
  if (args.length === 2) {
    table.set(end, args[1]);
    return;
  }
  if (args.length !== 3) throw new NativeFault("wrong number of arguments to 'insert'");
  const position = int32At(args, 1);
  for (let at = Math.max(end, position); at > position; at -= 1) table.set(at, table.get(at - 1));
  table.set(position, args[2]);
}

function remove(args: readonly LuaValue[]): LuaValue[] {
  const table = tableArgument(args, 0);
  const end = table.length();
  const position = args[1] === undefined ? end : int32At(args, 1);
  if (position < 1 || position > end) return [];
  const value = table.get(position);
  for (let at = position; at < end; at += 1) table.set(at, table.get(at + 1));
  table.set(end, undefined);
  return [value];
}

function largestNumber(table: LuaTable): number {
  let largest = 0;
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0])) {
    const [key] = entry;
    if (typeof key === 'number' && key > largest) largest = key;
  }
  return largest;
}

function sort(args: readonly LuaValue[], caller: Caller): void {
  const table = tableArgument(args, 0);
  const comparison = args[1] === undefined ? undefined : functionAt(args, 1);
  sortTable(table, comparison, caller);
}
