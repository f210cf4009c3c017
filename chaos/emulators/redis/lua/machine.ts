/**
 * Runs compiled functions. Calls between Lua functions take no JavaScript stack, so that a coroutine can be left and a script be
 * interrupted in the middle; a native function that calls back does, as in the original, and cannot be yielded across.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { ArgumentFault, NativeFault, RuntimeFault } from './errors.ts';
import { LuaError } from './lua-error.ts';
import { runFrames, type FrameHost } from './frame-loop.ts';
import { lineOf, newFrame, placeText } from './frames.ts';
import { metamethod, typeFault } from './operations.ts';
import type { Prototype } from './prototype.ts';
import {
  LuaTable,
  Closure,
  Coroutine,
  isFunction,
  NativeFunction,
  numberObjectsBy,
  Serials,
  type Frame,
  type LuaFunction,
  type LuaValue,
} from './values.ts';

/** Calls of native functions within each other. */
const nativeDepthMax = 200;
const framesMax = 16_384;

export type Progress =
  | { readonly kind: 'finished'; readonly values: readonly LuaValue[] }
  /** The allowance of steps was used up; `proceed` goes on. */
  | { readonly kind: 'interrupted' };

export class Machine implements FrameHost {
  readonly globals: LuaTable;
  readonly stringMetatable: LuaTable;
  current: Coroutine;
  /** Backward jumps and calls until the next interruption. */
  stepsLeft = Infinity;
  /** Called when the steps are used up where the machine cannot stop; may throw, or grant more. */
  onStepsExhausted: () => void = () => undefined;
  /** The native function that a Lua function called last and that has not returned. */
  native: NativeFunction | undefined = undefined;
  /** Native functions that are running within each other. */
  nativeDepth = 0;
  #isCalledByLua = false;

  readonly #serials = new Serials();

  constructor() {
    this.enter();
    this.globals = new LuaTable();
    this.stringMetatable = new LuaTable();
    this.current = new Coroutine(undefined);
  }

  /** What is made from here on belongs to this machine. */
  enter(): void {
    numberObjectsBy(this.#serials);
  }

  /** Makes a function of a chunk. */
  closureOf(prototype: Prototype): Closure {
    this.enter();
    return new Closure(prototype, [], this.globals);
  }

  /** Begins a script; `proceed` runs it. */
  begin(callee: LuaFunction, args: readonly LuaValue[]): void {
    this.current = new Coroutine(undefined);
    this.nativeDepth = 0;
    this.native = undefined;
    if (callee instanceof NativeFunction) throw new TypeError('a script begins with a Lua function');
    const frame = this.pushFrame(callee, args, -1);
    frame.viaNative = true;
    frame.hasNativeCaller = true;
  }

  /** @throws LuaError when the script ends with one */
  proceed(): Progress {
    this.enter();
    const values = runFrames(this, 0);
    return values === undefined ? { kind: 'interrupted' } : { kind: 'finished', values };
  }

  call(callee: LuaValue, args: readonly LuaValue[]): LuaValue[] {
    // Without a native function under way it is a metamethod that an operation calls.
    const isFromLua = this.native === undefined;
    return this.nested(() => {
      if (callee instanceof Closure) return this.#callClosure(callee, args, !isFromLua);
      if (callee instanceof NativeFunction) {
        this.#isCalledByLua = isFromLua;
        return this.#callNative(callee, args);
      }
      const handler = metamethod(callee, '__call', this);
      if (!isFunction(handler)) throw typeFault('call', callee, undefined);
      return this.call(handler, [callee, ...args]);
    });
  }

  /** Runs what a native function does to call back. */
  nested(run: () => LuaValue[]): LuaValue[] {
    if (this.nativeDepth >= nativeDepthMax) throw new RuntimeFault('C stack overflow');
    const outerNative = this.native;
    const outerIsCalledByLua = this.#isCalledByLua;
    this.nativeDepth += 1;
    this.native = undefined;
    try {
      return run();
    } finally {
      this.nativeDepth -= 1;
      this.native = outerNative;
      this.#isCalledByLua = outerIsCalledByLua;
    }
  }

  #callClosure(callee: Closure, args: readonly LuaValue[], hasNativeCaller: boolean): LuaValue[] {
    const { frames } = this.current;
    const base = frames.length;
    const frame = this.pushFrame(callee, args, -1);
    frame.viaNative = true;
    frame.hasNativeCaller = hasNativeCaller;
    try {
      const values = runFrames(this, base);
      if (values === undefined) throw new TypeError('a call from native code was interrupted');
      return values;
    } catch (thrown) {
      frames.length = base;
      throw thrown;
    }
  }

  /** What it throws gets no name, since no call in Lua code names it, and no place where native code called it. */
  #callNative(callee: NativeFunction, args: readonly LuaValue[]): LuaValue[] {
    const place = this.where(1);
    this.native = callee;
    try {
      return callee.run(args, this);
    } catch (thrown) {
      if (thrown instanceof ArgumentFault) {
        throw new LuaError(`${place}bad argument #${thrown.index} to '?' (${thrown.message})`);
      }
      if (thrown instanceof NativeFault) throw new LuaError(place + thrown.message);
      if (thrown instanceof RuntimeFault) throw new LuaError(thrown.message);
      throw thrown;
    }
  }

  /** Runs a native function that Lua code calls. */
  enterNative(callee: NativeFunction, args: readonly LuaValue[]): LuaValue[] {
    const outerIsCalledByLua = this.#isCalledByLua;
    this.native = callee;
    this.#isCalledByLua = true;
    const values = callee.run(args, this);
    this.native = undefined;
    this.#isCalledByLua = outerIsCalledByLua;
    return values;
  }

  pushFrame(callee: Closure, args: readonly LuaValue[], wanted: number): Frame {
    const { frames } = this.current;
    if (frames.length >= framesMax) throw new RuntimeFault('stack overflow');
    const frame = newFrame(callee, args, wanted);
    frames.push(frame);
    return frame;
  }

  where(level: number): Bytes {
    const frame = this.#frameAt(level);
    return frame === undefined ? '' : placeText(frame);
  }

  functionAt(level: number): Closure | undefined {
    return this.#frameAt(level)?.closure;
  }

  /** The error as a Lua value with its place, whatever was thrown; what is none passes through. */
  toLuaError(thrown: unknown): unknown {
    const frame = this.current.frames.at(-1);
    const error = this.#convert(thrown, frame);
    if (error instanceof LuaError && error.place === undefined && frame !== undefined) {
      error.place = { source: frame.closure.prototype.source, line: lineOf(frame) };
    }
    return error;
  }

  #convert(thrown: unknown, frame: Frame | undefined): unknown {
    const place = frame === undefined ? '' : placeText(frame);
    if (thrown instanceof RuntimeFault) {
      return new LuaError(this.native === undefined ? place + thrown.message : thrown.message);
    }
    if (thrown instanceof NativeFault) return new LuaError(place + thrown.message);
    if (thrown instanceof ArgumentFault) return new LuaError(place + argumentText(thrown, frame));
    // What recursed too deep in a way that no limit foresaw.
    if (thrown instanceof RangeError && /call stack/.test(thrown.message)) {
      return new LuaError(`${place}stack overflow`);
    }
    return thrown;
  }

  /** Levels count native functions and frames that tail calls replaced, of which nothing is known. */
  #frameAt(level: number): Frame | undefined {
    const { frames } = this.current;
    let left = level;
    if (!this.#isCalledByLua) left -= 1;
    for (let at = frames.length - 1; at >= 0; at -= 1) {
      const frame = frames[at];
      if (frame === undefined) return undefined;
      left -= 1;
      if (left === 0) return frame;
      left -= frame.tailCalls;
      if (frame.hasNativeCaller || frame.guard !== undefined) left -= 1;
      if (left <= 0) return undefined;
    }
    return undefined;
  }
}

/** The name is that by which the caller called it. */
function argumentText({ index, message }: ArgumentFault, frame: Frame | undefined): string {
  const name = frame?.closure.prototype.names.get(frame.pc)?.[0];
  if (name?.kind !== 'method') return `bad argument #${index} to '${name?.name ?? '?'}' (${message})`;
  if (index === 1) return `calling '${name.name}' on bad self (${message})`;
  return `bad argument #${index - 1} to '${name.name}' (${message})`;
}
