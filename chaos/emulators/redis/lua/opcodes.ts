/**
 * Instructions of the machine: a stack machine with numbered slots. Each takes three places in the code, the operation and two operands.
 * "Pending" operations leave or take as many values as the last one produced, which only the run can tell.
 */
export const op = {
  /** Pushes constant a. */
  constant: 0,
  pushNil: 1,
  pushTrue: 2,
  pushFalse: 3,
  /** Pushes a, or takes it, of the frame's slots. */
  getSlot: 4,
  setSlot: 5,
  /** The same where the slot has a cell. */
  getCell: 6,
  setCell: 7,
  /** Takes a value into a new cell in slot a. */
  newCell: 8,
  getUpvalue: 9,
  setUpvalue: 10,
  /** Global variable named by constant a. */
  getGlobal: 11,
  setGlobal: 12,
  /** Key, then object below it. */
  index: 13,
  /** Key is constant a. */
  indexConstant: 14,
  /** Takes a value; the object is a values below the new top, the key above it, and both stay. */
  setIndexBelow: 15,
  /** Takes value, key and object. */
  setIndex: 16,
  /** Takes value and object, the key is constant a. */
  setIndexConstant: 17,
  /** Object becomes method (constant a) and object. */
  self: 18,
  add: 19,
  subtract: 20,
  multiply: 21,
  divide: 22,
  modulo: 23,
  power: 24,
  negate: 25,
  not: 26,
  length: 27,
  /** Joins a values. */
  concat: 28,
  equal: 29,
  notEqual: 30,
  less: 31,
  lessOrEqual: 32,
  greater: 33,
  greaterOrEqual: 34,
  /** To position a. */
  jump: 35,
  /** Backwards, where a script can be interrupted. */
  loop: 36,
  /** Takes a value, jumps to a when it is false. */
  jumpIfFalse: 37,
  jumpIfTrue: 38,
  /** Jumps to a when the value is false, or takes it. */
  and: 39,
  or: 40,
  /** Closure of child a. */
  closure: 41,
  /** a arguments (of a pending call: and the pending ones), b results or -1. */
  call: 42,
  callPending: 43,
  /** Replaces the frame; of a native function, all results are pending. */
  tailCall: 44,
  tailCallPending: 45,
  /** a values. */
  return: 46,
  returnPending: 47,
  /** Pushes a values of `...`, all for -1. */
  vararg: 48,
  /** With room for a items and b pairs. */
  newTable: 49,
  /** Takes value and key into the table a values below them. */
  initField: 50,
  /** Takes a items into the table below them, from index b on. */
  setList: 51,
  setListPending: 52,
  pop: 53,
  /** Checks the three values in slot a and after, jumps to b to begin. */
  forPrepare: 54,
  /** Jumps to b with the next value in slot a + 3, while there is one. */
  forLoop: 55,
  /** Calls the iterator in slot a for b values, which it pushes. */
  forCall: 56,
  /** Follows forCall: keeps the first value as the next control value; when it is nil, drops all b of them and jumps to a. */
  forCheck: 57,
  /** Table of `...` with its count, for slot a. */
  argumentTable: 58,
} as const;
