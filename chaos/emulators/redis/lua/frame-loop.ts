/** Executes frames until the lowest of them returns, or until the machine is to stop. */
import { RuntimeFault, ScriptKilled } from './errors.ts';
import { LuaError } from './lua-error.ts';
import { deliver, replaceFrame } from './frames.ts';
import { argumentTable, closureAt, forStep, prepareFor, storeItems, tableAt } from './instructions.ts';
import { op } from './opcodes.ts';
import {
  areEqual,
  arithmetic,
  concatenate,
  getIndex,
  isLess,
  isLessOrEqual,
  lengthOf,
  metamethod,
  setIndex,
  typeFault,
} from './operations.ts';
import {
  LuaTable,
  Cell,
  Closure,
  isFunction,
  isTruthy,
  NativeFunction,
  type Caller,
  type Frame,
  type LuaValue,
} from './values.ts';

export interface FrameHost extends Caller {
  stepsLeft: number;
  onStepsExhausted(): void;
  native: NativeFunction | undefined;
  readonly nativeDepth: number;
  enterNative(callee: NativeFunction, args: readonly LuaValue[]): LuaValue[];
  pushFrame(callee: Closure, args: readonly LuaValue[], wanted: number): Frame;
  /** A LuaError with its place, or what was thrown when that is no error of the script. */
  toLuaError(thrown: unknown): unknown;
}

/** Results of the frame at `base`; undefined when the coroutine yielded or the script was interrupted. */
export function runFrames(host: FrameHost, base: number): LuaValue[] | undefined {
  const { current } = host;
  for (;;) {
    try {
      return execute(host, base);
    } catch (thrown) {
      const error = host.toLuaError(thrown);
      host.native = undefined;
      if (!(error instanceof LuaError) || error instanceof ScriptKilled) throw error;
      if (!recover(host, current.frames, base, error)) throw error;
    }
  }
}

/** Goes on behind the innermost guard, if there is one at or above `base`. */
function recover(host: FrameHost, frames: Frame[], base: number, error: LuaError): boolean {
  const at = frames.findLastIndex(({ guard }) => guard !== undefined);
  const guarded = frames[at];
  const caller = frames[at - 1];
  if (at <= base || guarded?.guard === undefined || caller === undefined) return false;
  const { handler } = guarded.guard;
  const values = handler === undefined ? [errorText(error.value)] : host.call(handler, [error.value]);
  frames.length = at;
  deliver(caller, [false, ...values], guarded.wanted);
  return true;
}

/** The pcall of scripts gives the text of an error that is a table with one. */
export function errorText(value: LuaValue): LuaValue {
  const text = value instanceof LuaTable ? value.get('err') : undefined;
  return typeof text === 'string' || typeof text === 'number' ? text : value;
}

function execute(host: FrameHost, base: number): LuaValue[] | undefined {
  const { frames } = host.current;
  for (;;) {
    const outcome = runTopFrame(host, frameAt(frames, frames.length - 1), base);
    if (outcome === 'stop') return undefined;
    if (outcome !== 'switch') return outcome;
  }
}

/** Results of the frame at `base`, `switch` when another frame is on top now, `stop` when the coroutine yielded or is interrupted. */
function runTopFrame(host: FrameHost, frame: Frame, base: number): LuaValue[] | 'switch' | 'stop' {
  const { code, constants, names } = frame.closure.prototype;
  const { slots, cells } = frame;
  let { pc, top: sp, pending } = frame;
  for (;;) {
    frame.pc = pc;
    const a = code[pc + 1] ?? 0;
    const b = code[pc + 2] ?? 0;
    switch (code[pc]) {
      case op.constant:
        slots[sp] = constants[a];
        sp += 1;
        break;
      case op.pushNil:
        slots[sp] = undefined;
        sp += 1;
        break;
      case op.pushTrue:
        slots[sp] = true;
        sp += 1;
        break;
      case op.pushFalse:
        slots[sp] = false;
        sp += 1;
        break;
      case op.getSlot:
        slots[sp] = slots[a];
        sp += 1;
        break;
      case op.setSlot:
        sp -= 1;
        slots[a] = slots[sp];
        break;
      case op.getCell:
        slots[sp] = cells[a]?.value;
        sp += 1;
        break;
      case op.setCell: {
        sp -= 1;
        const cell = cells[a];
        if (cell !== undefined) cell.value = slots[sp];
        break;
      }
      case op.newCell:
        sp -= 1;
        cells[a] = new Cell(slots[sp]);
        break;
      case op.getUpvalue:
        slots[sp] = frame.closure.upvalues[a]?.value;
        sp += 1;
        break;
      case op.setUpvalue: {
        sp -= 1;
        const cell = frame.closure.upvalues[a];
        if (cell !== undefined) cell.value = slots[sp];
        break;
      }
      case op.getGlobal:
        slots[sp] = getIndex(frame.closure.environment, constants[a], host, undefined);
        sp += 1;
        break;
      case op.setGlobal:
        sp -= 1;
        setIndex(frame.closure.environment, constants[a], slots[sp], host, undefined);
        break;
      case op.index:
        sp -= 1;
        slots[sp - 1] = getIndex(slots[sp - 1], slots[sp], host, names.get(pc));
        break;
      case op.indexConstant:
        slots[sp - 1] = getIndex(slots[sp - 1], constants[a], host, names.get(pc));
        break;
      case op.setIndexBelow:
        sp -= 1;
        setIndex(slots[sp - a], slots[sp - a + 1], slots[sp], host, names.get(pc));
        break;
      case op.setIndex:
        sp -= 3;
        setIndex(slots[sp], slots[sp + 1], slots[sp + 2], host, names.get(pc));
        break;
      case op.setIndexConstant:
        sp -= 2;
        setIndex(slots[sp], constants[a], slots[sp + 1], host, names.get(pc));
        break;
      case op.self: {
        const object = slots[sp - 1];
        slots[sp - 1] = getIndex(object, constants[a], host, names.get(pc));
        slots[sp] = object;
        sp += 1;
        break;
      }
      case op.add: {
        sp -= 1;
        const left = slots[sp - 1];
        const right = slots[sp];
        slots[sp - 1] =
          typeof left === 'number' && typeof right === 'number'
            ? left + right
            : arithmetic('add', left, right, host, names.get(pc));
        break;
      }
      case op.subtract: {
        sp -= 1;
        const left = slots[sp - 1];
        const right = slots[sp];
        slots[sp - 1] =
          typeof left === 'number' && typeof right === 'number'
            ? left - right
            : arithmetic('subtract', left, right, host, names.get(pc));
        break;
      }
      case op.multiply: {
        sp -= 1;
        const left = slots[sp - 1];
        const right = slots[sp];
        slots[sp - 1] =
          typeof left === 'number' && typeof right === 'number'
            ? left * right
            : arithmetic('multiply', left, right, host, names.get(pc));
        break;
      }
      case op.divide: {
        sp -= 1;
        const left = slots[sp - 1];
        const right = slots[sp];
        slots[sp - 1] =
          typeof left === 'number' && typeof right === 'number'
            ? left / right
            : arithmetic('divide', left, right, host, names.get(pc));
        break;
      }
      case op.modulo:
        sp -= 1;
        slots[sp - 1] = arithmetic('modulo', slots[sp - 1], slots[sp], host, names.get(pc));
        break;
      case op.power:
        sp -= 1;
        slots[sp - 1] = arithmetic('power', slots[sp - 1], slots[sp], host, names.get(pc));
        break;
      case op.negate:
        slots[sp - 1] = arithmetic('negate', slots[sp - 1], slots[sp - 1], host, names.get(pc));
        break;
      case op.not:
        slots[sp - 1] = !isTruthy(slots[sp - 1]);
        break;
      case op.length:
        slots[sp - 1] = lengthOf(slots[sp - 1], host, names.get(pc));
        break;
      case op.concat:
        sp -= a - 1;
        slots[sp - 1] = concatenate(slots.slice(sp - 1, sp - 1 + a), host, names.get(pc));
        break;
      case op.equal:
        sp -= 1;
        slots[sp - 1] = areEqual(slots[sp - 1], slots[sp], host);
        break;
      case op.notEqual:
        sp -= 1;
        slots[sp - 1] = !areEqual(slots[sp - 1], slots[sp], host);
        break;
      case op.less:
        sp -= 1;
        slots[sp - 1] = isLess(slots[sp - 1], slots[sp], host);
        break;
      case op.lessOrEqual:
        sp -= 1;
        slots[sp - 1] = isLessOrEqual(slots[sp - 1], slots[sp], host);
        break;
      case op.greater:
        sp -= 1;
        slots[sp - 1] = isLess(slots[sp], slots[sp - 1], host);
        break;
      case op.greaterOrEqual:
        sp -= 1;
        slots[sp - 1] = isLessOrEqual(slots[sp], slots[sp - 1], host);
        break;
      case op.jump:
        pc = a;
        continue;
      case op.loop:
        pc = a;
        if (isOutOfSteps(host, base)) {
          frame.pc = pc;
          frame.top = sp;
          return 'stop';
        }
        continue;
      case op.jumpIfFalse:
        sp -= 1;
        if (!isTruthy(slots[sp])) {
          pc = a;
          continue;
        }
        break;
      case op.jumpIfTrue:
        sp -= 1;
        if (isTruthy(slots[sp])) {
          pc = a;
          continue;
        }
        break;
      case op.and:
        if (!isTruthy(slots[sp - 1])) {
          pc = a;
          continue;
        }
        sp -= 1;
        break;
      case op.or:
        if (isTruthy(slots[sp - 1])) {
          pc = a;
          continue;
        }
        sp -= 1;
        break;
      case op.closure:
        slots[sp] = closureAt(frame, a);
        sp += 1;
        break;
      case op.call:
      case op.callPending:
      case op.tailCall:
      case op.tailCallPending: {
        const operation = code[pc];
        const isPending = operation === op.callPending || operation === op.tailCallPending;
        const isTail = operation === op.tailCall || operation === op.tailCallPending;
        const at = sp - (isPending ? a + pending : a) - 1;
        frame.top = at;
        const args = slots.slice(at + 1, sp);
        if (enterCall(host, frame, slots[at], args, isTail ? -1 : b, isTail)) {
          return host.current.status === 'suspended' || isOutOfSteps(host, base) ? 'stop' : 'switch';
        }
        ({ pc, top: sp, pending } = frame);
        continue;
      }
      case op.return:
        return finishFrame(host, frame, slots.slice(sp - a, sp), base);
      case op.returnPending:
        return finishFrame(host, frame, slots.slice(sp - a - pending, sp), base);
      case op.vararg: {
        const count = a < 0 ? frame.varargs.length : a;
        for (let index = 0; index < count; index += 1) slots[sp + index] = frame.varargs[index];
        sp += count;
        pending = count;
        break;
      }
      case op.newTable:
        slots[sp] = new LuaTable(a, b);
        sp += 1;
        break;
      case op.initField:
        sp -= 2;
        tableAt(slots, sp - a - 1).set(slots[sp], slots[sp + 1]);
        break;
      case op.setList:
      case op.setListPending: {
        const count = code[pc] === op.setList ? a : a + pending;
        sp -= count;
        storeItems(tableAt(slots, sp - 1), slots, sp, count, b);
        break;
      }
      case op.pop:
        sp -= 1;
        break;
      case op.forPrepare: {
        const loop = prepareFor(slots[a], slots[a + 1], slots[a + 2]);
        slots[a] = loop.index;
        slots[a + 1] = loop.limit;
        slots[a + 2] = loop.step;
        pc = b;
        continue;
      }
      case op.forLoop: {
        const next = forStep(slots[a], slots[a + 1], slots[a + 2]);
        if (next === undefined) break;
        slots[a] = next;
        slots[a + 3] = next;
        pc = b;
        if (isOutOfSteps(host, base)) {
          frame.pc = pc;
          frame.top = sp;
          return 'stop';
        }
        continue;
      }
      case op.forCall:
        frame.top = sp;
        if (enterCall(host, frame, slots[a], [slots[a + 1], slots[a + 2]], b, false)) {
          return host.current.status === 'suspended' ? 'stop' : 'switch';
        }
        ({ pc, top: sp, pending } = frame);
        continue;
      case op.forCheck: {
        const first = slots[sp - b];
        if (first === undefined) {
          sp -= b;
          pc = a;
          continue;
        }
        slots[(code[pc - 2] ?? 0) + 2] = first;
        break;
      }
      case op.argumentTable:
        slots[sp] = argumentTable(frame);
        sp += 1;
        break;
      default:
        throw new TypeError(`no instruction ${code[pc]}`);
    }
    pc += 3;
  }
}

function isOutOfSteps(host: FrameHost, base: number): boolean {
  host.stepsLeft -= 1;
  if (host.stepsLeft > 0) return false;
  if (base === 0 && host.nativeDepth === 0) return true;
  host.onStepsExhausted();
  return false;
}

function finishFrame(host: FrameHost, frame: Frame, values: LuaValue[], base: number): LuaValue[] | 'switch' {
  const { frames } = host.current;
  frames.length -= 1;
  if (frames.length === base) return values;
  const results = frame.guard === undefined ? values : [true, ...values];
  deliver(frameAt(frames, frames.length - 1), results, frame.wanted);
  return 'switch';
}

/** True when another frame is on top now, or none is to be run; false when the frame goes on behind the call. */
function enterCall(
  host: FrameHost,
  frame: Frame,
  callee: LuaValue,
  args: LuaValue[],
  wanted: number,
  isTail: boolean,
): boolean {
  if (callee instanceof Closure) {
    if (isTail) replaceFrame(frame, callee, args);
    else host.pushFrame(callee, args, wanted);
    return true;
  }
  if (!(callee instanceof NativeFunction)) {
    const handler = metamethod(callee, '__call', host);
    if (!isFunction(handler)) {
      throw typeFault('call', callee, frame.closure.prototype.names.get(frame.pc)?.[0]);
    }
    return enterCall(host, frame, handler, [callee, ...args], wanted, isTail);
  }
  const [first] = args;
  if (callee.kind === 'pcall' && first instanceof Closure) {
    host.pushFrame(first, args.slice(1), wanted).guard = { handler: undefined };
    return true;
  }
  if (callee.kind === 'xpcall' && first instanceof Closure && args.length > 1) {
    host.pushFrame(first, [], wanted).guard = { handler: args[1] };
    return true;
  }
  if (callee.kind === 'yield') {
    yieldFrom(host, args);
    return true;
  }
  deliver(frame, host.enterNative(callee, args), wanted);
  return false;
}

/** The call is resumed with what the coroutine is given then. */
function yieldFrom(host: FrameHost, args: readonly LuaValue[]): void {
  const { current } = host;
  const isAcross =
    current.isMain ||
    current.frames.some(({ guard, viaNative }, at) => guard !== undefined || (viaNative && at > 0));
  if (isAcross) throw new RuntimeFault('attempt to yield across metamethod/C-call boundary');
  current.status = 'suspended';
  current.transferred = args;
}

function frameAt(frames: readonly Frame[], at: number): Frame {
  const frame = frames[at];
  if (frame === undefined) throw new TypeError('no frame is left');
  return frame;
}
