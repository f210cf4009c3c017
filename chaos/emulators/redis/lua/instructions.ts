/** The longer instructions of the machine. */
import { toNumber } from './conversions.ts';
import { RuntimeFault } from './errors.ts';
import { LuaTable, Cell, Closure, type Frame, type LuaValue } from './values.ts';

export function closureAt(frame: Frame, child: number): Closure {
  const prototype = frame.closure.prototype.children[child];
  if (prototype === undefined) throw new TypeError(`no inner function ${child}`);
  const upvalues = prototype.upvalues.map(({ from, index }) => {
    const cell = from === 'slot' ? frame.cells[index] : frame.closure.upvalues[index];
    // A variable whose declaration was not reached cannot be seen, so that there always is one.
    return cell ?? new Cell(undefined);
  });
  return new Closure(prototype, upvalues, frame.closure.environment);
}

/** The table that a constructor is filling. */
export function tableAt(slots: readonly LuaValue[], at: number): LuaTable {
  const table = slots[at];
  if (!(table instanceof LuaTable)) throw new TypeError('a constructor lost its table');
  return table;
}

/** Stores `count` values, from slot `from` on, as the items from `first` on. */
export function storeItems(
  table: LuaTable,
  slots: readonly LuaValue[],
  from: number,
  count: number,
  first: number,
): void {
  table.reserveArray(first + count - 1);
  for (let index = 0; index < count; index += 1) table.set(first + index, slots[from + index]);
}

/** `...` as a table with its count in `n`. */
export function argumentTable(frame: Frame): LuaTable {
  const table = new LuaTable(frame.varargs.length, 1);
  frame.varargs.forEach((value, index) => table.set(index + 1, value));
  table.set('n', frame.varargs.length);
  return table;
}

/** A loop over numbers before its first step: the index is one step short. */
export function prepareFor(
  start: LuaValue,
  limit: LuaValue,
  step: LuaValue,
): { index: number; limit: number; step: number } {
  const index = toNumber(start);
  if (index === undefined) throw new RuntimeFault("'for' initial value must be a number");
  const end = toNumber(limit);
  if (end === undefined) throw new RuntimeFault("'for' limit must be a number");
  const width = toNumber(step);
  if (width === undefined) throw new RuntimeFault("'for' step must be a number");
  return { index: index - width, limit: end, step: width };
}

/** The next index; undefined at the end. */
export function forStep(index: LuaValue, limit: LuaValue, step: LuaValue): number | undefined {
  if (typeof index !== 'number' || typeof limit !== 'number' || typeof step !== 'number') {
    throw new TypeError('a loop lost its state');
  }
  const next = index + step;
  return (step > 0 ? next <= limit : limit <= next) ? next : undefined;
}
