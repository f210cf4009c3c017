/** Coroutines (§5.2 of the manual). */
import { functionAt } from '../arguments.ts';
import { ArgumentFault, RuntimeFault } from '../errors.ts';
import { LuaError } from '../lua-error.ts';
import { runFrames } from '../frame-loop.ts';
import { deliver } from '../frames.ts';
import type { Machine } from '../machine.ts';
import { op } from '../opcodes.ts';
import { type LuaTable, Closure, Coroutine, NativeFunction, type Frame, type LuaValue } from '../values.ts';
import { libraryTable } from './library.ts';

export function coroutineLibrary(machine: Machine): LuaTable {
  const library = libraryTable({
    create: (args) => [new Coroutine(luaFunctionAt(args))],
    resume: (args) => {
      const coroutine = coroutineAt(args);
      try {
        return [true, ...resume(machine, coroutine, args.slice(1))];
      } catch (thrown) {
        if (thrown instanceof LuaError) return [false, thrown.value];
        throw thrown;
      }
    },
    running: () => [machine.current.isMain ? undefined : machine.current],
    status: (args) => [coroutineAt(args).status],
    wrap: (args) => {
      const coroutine = new Coroutine(luaFunctionAt(args));
      return [
        new NativeFunction('wrap', (given, caller) => {
          try {
            return resume(machine, coroutine, given);
          } catch (thrown) {
            if (!(thrown instanceof LuaError) || typeof thrown.value !== 'string') throw thrown;
            throw new LuaError(caller.where(1) + thrown.value);
          }
        }),
      ];
    },
  });
  library.set(
    'yield',
    new NativeFunction(
      'yield',
      () => {
        throw new RuntimeFault('attempt to yield across metamethod/C-call boundary');
      },
      'yield',
    ),
  );
  return library;
}

/** What it yields or returns. */
function resume(machine: Machine, coroutine: Coroutine, args: readonly LuaValue[]): LuaValue[] {
  if (coroutine.status !== 'suspended') {
    throw new LuaError(`cannot resume ${coroutine.status === 'dead' ? 'dead' : 'non-suspended'} coroutine`);
  }
  const outer = machine.current;
  return machine.nested(() => {
    outer.status = 'normal';
    coroutine.status = 'running';
    machine.current = coroutine;
    try {
      return proceed(machine, coroutine, args);
    } catch (thrown) {
      coroutine.status = 'dead';
      throw thrown;
    } finally {
      machine.current = outer;
      outer.status = 'running';
    }
  });
}

function proceed(machine: Machine, coroutine: Coroutine, args: readonly LuaValue[]): LuaValue[] {
  const { body } = coroutine;
  if (body instanceof Closure) {
    coroutine.body = undefined;
    const frame = machine.pushFrame(body, args, -1);
    frame.viaNative = true;
    frame.hasNativeCaller = true;
  } else {
    const frame = coroutine.frames.at(-1);
    if (frame !== undefined) deliver(frame, args, wantedBy(frame));
  }
  const values = runFrames(machine, 0);
  if (values !== undefined) {
    coroutine.status = 'dead';
    return values;
  }
  return [...coroutine.transferred];
}

/** How many results the call takes at which the coroutine yielded. */
function wantedBy({ closure, pc }: Frame): number {
  const { code } = closure.prototype;
  const isTail = code[pc] === op.tailCall || code[pc] === op.tailCallPending;
  return isTail ? -1 : (code[pc + 2] ?? -1);
}

function coroutineAt(args: readonly LuaValue[]): Coroutine {
  const [value] = args;
  if (!(value instanceof Coroutine)) throw new ArgumentFault(1, 'coroutine expected');
  return value;
}

function luaFunctionAt(args: readonly LuaValue[]): Closure {
  const body = functionAt(args, 0);
  if (!(body instanceof Closure)) throw new ArgumentFault(1, 'Lua function expected');
  return body;
}
