/**
 * Values of Lua 5.1 as JavaScript values: nil is undefined, numbers are doubles, strings are byte strings. Everything with an identity
 * is an object with a serial number, so that what depends on addresses in the original is the same in every run here.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Prototype } from './prototype.ts';
import { Table, type TableValue } from './table.ts';

/** Numbers the objects of one machine. */
export class Serials {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

/** Those of the machine that runs; machines take turns in a thread, and none of them may see how many objects the others made. */
let serials = new Serials();

export function numberObjectsBy(those: Serials): void {
  serials = those;
}

/** What has an identity. */
type LuaObject = LuaTable | LuaFunction | Coroutine | Userdata;

export type LuaValue = TableValue<LuaObject>;

export class LuaTable extends Table<LuaObject> {
  metatable: LuaTable | undefined = undefined;
  readonly serial = nextSerial();
}

export type LuaFunction = Closure | NativeFunction;

/** A variable that outlives its function's frame, since another function refers to it. */
export class Cell {
  value: LuaValue;

  constructor(value: LuaValue) {
    this.value = value;
  }
}

export class Closure {
  readonly prototype: Prototype;
  readonly upvalues: readonly Cell[];
  /** Where its global variables are. */
  environment: LuaTable;
  readonly serial = nextSerial();

  constructor(prototype: Prototype, upvalues: readonly Cell[], environment: LuaTable) {
    this.prototype = prototype;
    this.upvalues = upvalues;
    this.environment = environment;
  }
}

/** What a native function may ask of the machine that runs it. */
export interface Caller {
  /** Calls a function to its end; it cannot yield. */
  call(callee: LuaValue, args: readonly LuaValue[]): LuaValue[];
  /** `source:line: ` of the function at a level of the stack, 1 being the one that called the native function; else empty. */
  where(level: number): Bytes;
  /** The function at a level of the stack, 1 being the one that called the native function; undefined where there is none. */
  functionAt(level: number): Closure | undefined;
  /** Globals of the thread. */
  readonly globals: LuaTable;
  readonly stringMetatable: LuaTable;
  readonly current: Coroutine;
}

/** How the machine has to treat a native function that it cannot run as a plain call. */
export type NativeKind = 'plain' | 'pcall' | 'xpcall' | 'yield';

export class NativeFunction {
  readonly name: string;
  readonly kind: NativeKind;
  readonly run: (args: readonly LuaValue[], caller: Caller) => LuaValue[];
  readonly serial = nextSerial();

  constructor(
    name: string,
    run: (args: readonly LuaValue[], caller: Caller) => LuaValue[],
    kind: NativeKind = 'plain',
  ) {
    this.name = name;
    this.run = run;
    this.kind = kind;
  }
}

/** Made by newproxy. */
export class Userdata {
  metatable: LuaTable | undefined = undefined;
  readonly serial = nextSerial();
}

/** A null pointer, which stands for the null of JSON. */
export const nullUserdata = new Userdata();

export type CoroutineStatus = 'suspended' | 'running' | 'normal' | 'dead';

export class Coroutine {
  status: CoroutineStatus;
  readonly frames: Frame[] = [];
  /** The function to start with; undefined once it was started, and for a script itself, which cannot yield. */
  body: LuaFunction | undefined;
  readonly isMain: boolean;
  /** What a yield gave. */
  transferred: readonly LuaValue[] = [];
  readonly serial = nextSerial();

  constructor(body: LuaFunction | undefined) {
    this.body = body;
    this.isMain = body === undefined;
    this.status = this.isMain ? 'running' : 'suspended';
  }
}

/** One call of a Lua function that is under way. */
export interface Frame {
  closure: Closure;
  /** Parameters and local variables, then operands. */
  slots: LuaValue[];
  /** Variables that closures share, at the number of their slot. */
  cells: Cell[];
  /** The instruction under way; where to begin, when the frame is not running. */
  pc: number;
  /** Number of slots in use, valid while the frame is not running. */
  top: number;
  /** How many values the last instruction gave, where that depends on the run. */
  pending: number;
  varargs: readonly LuaValue[];
  /** How many results the caller takes; -1 for all. */
  wanted: number;
  /** Whether a native function called it, which then takes the results. */
  viaNative: boolean;
  /** A native function stands between it and the frame below; not so where an operation called a metamethod. */
  hasNativeCaller: boolean;
  /** Set when errors end here instead of going on to the caller. */
  guard: { readonly handler: LuaValue } | undefined;
  /** Frames that this one replaced by calls in tail position. */
  tailCalls: number;
}

export function nextSerial(): number {
  return serials.next();
}

export function isFunction(value: LuaValue): value is LuaFunction {
  return value instanceof Closure || value instanceof NativeFunction;
}

export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}
