/** Tables of native functions, as libraries are. */
import { LuaTable, NativeFunction, type Caller, type LuaValue } from '../values.ts';

export type Native = (args: readonly LuaValue[], caller: Caller) => LuaValue[];

/** In the order given, on which the order of `pairs` depends. */
export function libraryTable(functions: Readonly<Record<string, Native>>): LuaTable {
  const table = new LuaTable(0, Object.keys(functions).length);
  addFunctions(table, functions);
  return table;
}

export function addFunctions(table: LuaTable, functions: Readonly<Record<string, Native>>): void {
  for (const [name, run] of Object.entries(functions)) table.set(name, new NativeFunction(name, run));
}
