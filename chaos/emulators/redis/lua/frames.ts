/** Frames of calls: how they begin, and what errors tell of them. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Prototype } from './prototype.ts';
import { Cell, type Closure, type Frame, type LuaValue } from './values.ts';

export function newFrame(closure: Closure, args: readonly LuaValue[], wanted: number): Frame {
  const { prototype } = closure;
  return {
    closure,
    slots: slotsFor(prototype, args),
    cells: cellsFor(prototype, args),
    pc: 0,
    top: prototype.slotCount,
    pending: 0,
    varargs: varargsFor(prototype, args),
    wanted,
    viaNative: false,
    hasNativeCaller: false,
    guard: undefined,
    tailCalls: 0,
  };
}

/** Lets the frame's function be replaced by the one that it calls last. */
export function replaceFrame(frame: Frame, closure: Closure, args: readonly LuaValue[]): void {
  const { prototype } = closure;
  frame.closure = closure;
  frame.slots = slotsFor(prototype, args);
  frame.cells = cellsFor(prototype, args);
  frame.pc = 0;
  frame.top = prototype.slotCount;
  frame.varargs = varargsFor(prototype, args);
  frame.tailCalls += 1;
}

/** Hands results to the caller, in place of the function that it called, and lets it go on behind the call. */
export function deliver(frame: Frame, values: readonly LuaValue[], wanted: number): void {
  const { slots, top } = frame;
  const count = wanted < 0 ? values.length : wanted;
  for (let index = 0; index < count; index += 1) slots[top + index] = values[index];
  frame.top = top + count;
  frame.pending = count;
  frame.pc += 3;
}

export function lineOf(frame: Frame): number {
  return frame.closure.prototype.lines[frame.pc] ?? 0;
}

/** `user_script:3: ` */
export function placeText(frame: Frame): Bytes {
  return `${frame.closure.prototype.source.replace(/^[@=]/, '')}:${lineOf(frame)}: `;
}

function slotsFor({ parameterCount, slotCount }: Prototype, args: readonly LuaValue[]): LuaValue[] {
  const slots: LuaValue[] = [];
  for (let slot = 0; slot < parameterCount; slot += 1) slots.push(args[slot]);
  for (let slot = parameterCount; slot < slotCount; slot += 1) slots.push(undefined);
  return slots;
}

function cellsFor({ capturedParameters }: Prototype, args: readonly LuaValue[]): Cell[] {
  const cells: Cell[] = [];
  for (const slot of capturedParameters) cells[slot] = new Cell(args[slot]);
  return cells;
}

function varargsFor({ isVararg, parameterCount }: Prototype, args: readonly LuaValue[]): readonly LuaValue[] {
  return isVararg ? args.slice(parameterCount) : [];
}
