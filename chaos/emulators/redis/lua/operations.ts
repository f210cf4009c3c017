/** Operators on values that need more than a JavaScript operator: coercions, metamethods, and the errors that name operands. */
import type { Bytes } from '../bytes/byte-string.ts';
import { compareBytes } from '../bytes/byte-string.ts';
import { toNumber, toText, typeName } from './conversions.ts';
import { RuntimeFault } from './errors.ts';
import type { OperandName } from './prototype.ts';
import { LuaTable, isFunction, isTruthy, Userdata, type Caller, type LuaValue } from './values.ts';

type Names = readonly (OperandName | undefined)[] | undefined;

/** A chain of __index or __newindex that is longer is taken for a loop. */
const chainMax = 100;

export function metatableOf(value: LuaValue, caller: Caller): LuaTable | undefined {
  if (value instanceof LuaTable || value instanceof Userdata) return value.metatable;
  return typeof value === 'string' ? caller.stringMetatable : undefined;
}

export function metamethod(value: LuaValue, event: string, caller: Caller): LuaValue {
  return metatableOf(value, caller)?.get(event);
}

export function getIndex(object: LuaValue, key: LuaValue, caller: Caller, names: Names): LuaValue {
  let at = object;
  for (let step = 0; step < chainMax; step += 1) {
    let handler: LuaValue;
    if (at instanceof LuaTable) {
      const value = at.get(key);
      if (value !== undefined || at.metatable === undefined) return value;
      handler = at.metatable.get('__index');
      if (handler === undefined) return undefined;
    } else {
      handler = metamethod(at, '__index', caller);
      if (handler === undefined) throw typeFault('index', at, names?.[0]);
    }
    if (isFunction(handler)) return caller.call(handler, [at, key])[0];
    at = handler;
  }
  throw new RuntimeFault('loop in gettable');
}

export function setIndex(
  object: LuaValue,
  key: LuaValue,
  value: LuaValue,
  caller: Caller,
  names: Names,
): void {
  let at = object;
  for (let step = 0; step < chainMax; step += 1) {
    let handler: LuaValue;
    if (at instanceof LuaTable) {
      const { metatable } = at;
      if (metatable === undefined || at.get(key) !== undefined) {
        at.set(key, value);
        return;
      }
      handler = metatable.get('__newindex');
      if (handler === undefined) {
        at.set(key, value);
        return;
      }
    } else {
      handler = metamethod(at, '__newindex', caller);
      if (handler === undefined) throw typeFault('index', at, names?.[0]);
    }
    if (isFunction(handler)) {
      caller.call(handler, [at, key, value]);
      return;
    }
    at = handler;
  }
  throw new RuntimeFault('loop in settable');
}

const arithmeticEvents = {
  add: '__add',
  subtract: '__sub',
  multiply: '__mul',
  divide: '__div',
  modulo: '__mod',
  power: '__pow',
  negate: '__unm',
} as const;

export type Arithmetic = keyof typeof arithmeticEvents;

export function arithmetic(
  operator: Arithmetic,
  left: LuaValue,
  right: LuaValue,
  caller: Caller,
  names: Names,
): LuaValue {
  const a = toNumber(left);
  const b = toNumber(right);
  if (a !== undefined && b !== undefined) return calculate(operator, a, b);
  const event = arithmeticEvents[operator];
  const handler = metamethod(left, event, caller) ?? metamethod(right, event, caller);
  if (handler !== undefined) return caller.call(handler, [left, right])[0];
  const leftIsWrong = a === undefined;
  throw typeFault('perform arithmetic on', leftIsWrong ? left : right, leftIsWrong ? names?.[0] : names?.[1]);
}

export function calculate(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    case 'modulo':
      return a - Math.floor(a / b) * b;
    case 'power':
      return power(a, b);
    case 'negate':
      return -a;
  }
}

/** C's pow, which differs from JavaScript's in 1^NaN and 1^±∞. */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  return base ** exponent;
}

/** Joins from the right, two at a time where a metamethod has to, else all that are texts at once. */
export function concatenate(values: readonly LuaValue[], caller: Caller, names: Names): LuaValue {
  let right: LuaValue = values.at(-1);
  for (let at = values.length - 2; at >= 0; at -= 1) {
    const left = values[at];
    const leftText = toText(left);
    const rightText = toText(right);
    if (leftText !== undefined && rightText !== undefined) {
      right = leftText + rightText;
      continue;
    }
    const handler = metamethod(left, '__concat', caller) ?? metamethod(right, '__concat', caller);
    if (handler === undefined) {
      const leftIsWrong = leftText === undefined;
      throw typeFault(
        'concatenate',
        leftIsWrong ? left : right,
        leftIsWrong ? names?.[at] : at === values.length - 2 ? names?.[at + 1] : undefined,
      );
    }
    [right] = caller.call(handler, [left, right]);
  }
  return right;
}

export function areEqual(left: LuaValue, right: LuaValue, caller: Caller): boolean {
  if (left === right) return true;
  const areTables = left instanceof LuaTable && right instanceof LuaTable;
  const areUserdata = left instanceof Userdata && right instanceof Userdata;
  if (!areTables && !areUserdata) return false;
  const handler = sharedHandler(left.metatable, right.metatable, '__eq');
  return handler !== undefined && isTruthy(caller.call(handler, [left, right])[0]);
}

export function isLess(left: LuaValue, right: LuaValue, caller: Caller): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') return collate(left, right) < 0;
  return compareByHandler(left, right, '__lt', caller) ?? failToCompare(left, right);
}

export function isLessOrEqual(left: LuaValue, right: LuaValue, caller: Caller): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left <= right;
  if (typeof left === 'string' && typeof right === 'string') return collate(left, right) <= 0;
  const direct = compareByHandler(left, right, '__le', caller);
  if (direct !== undefined) return direct;
  const reverse = compareByHandler(right, left, '__lt', caller);
  return reverse === undefined ? failToCompare(left, right) : !reverse;
}

export function lengthOf(value: LuaValue, caller: Caller, names: Names): LuaValue {
  if (typeof value === 'string') return value.length;
  if (value instanceof LuaTable) return value.length();
  const handler = metamethod(value, '__len', caller);
  if (handler === undefined) throw typeFault('get length of', value, names?.[0]);
  return caller.call(handler, [value])[0];
}

/** `attempt to call local 'f' (a nil value)` */
export function typeFault(action: string, value: LuaValue, name: OperandName | undefined): RuntimeFault {
  const type = typeName(value);
  return new RuntimeFault(
    name === undefined
      ? `attempt to ${action} a ${type} value`
      : `attempt to ${action} ${name.kind} '${name.name}' (a ${type} value)`,
  );
}

/** Redis runs scripts in the C locale, where strcoll compares bytes. */
function collate(left: Bytes, right: Bytes): number {
  return compareBytes(left, right);
}

function compareByHandler(
  left: LuaValue,
  right: LuaValue,
  event: string,
  caller: Caller,
): boolean | undefined {
  if (typeName(left) !== typeName(right)) return undefined;
  const handler = metamethod(left, event, caller);
  if (handler === undefined || metamethod(right, event, caller) !== handler) return undefined;
  return isTruthy(caller.call(handler, [left, right])[0]);
}

function sharedHandler(left: LuaTable | undefined, right: LuaTable | undefined, event: string): LuaValue {
  const handler = left?.get(event);
  if (handler === undefined || left === right) return handler;
  return right?.get(event) === handler ? handler : undefined;
}

function failToCompare(left: LuaValue, right: LuaValue): never {
  const first = typeName(left);
  const second = typeName(right);
  throw new RuntimeFault(
    first === second
      ? `attempt to compare two ${first} values`
      : `attempt to compare ${first} with ${second}`,
  );
}
