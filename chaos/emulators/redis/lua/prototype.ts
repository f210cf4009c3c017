/** A compiled function: code, constants and what errors need to name a place and a variable. */
import type { Bytes } from '../bytes/byte-string.ts';

/** How an operand was written, as errors name it: `global 'x'`, `field 'y'`. */
export interface OperandName {
  readonly kind: 'global' | 'local' | 'upvalue' | 'field' | 'method';
  readonly name: Bytes;
}

/** Where a closure gets a variable from when it is made: a cell of the function around it, or that function's own upvalue. */
export interface UpvalueSource {
  readonly name: Bytes;
  readonly from: 'slot' | 'upvalue';
  readonly index: number;
}

export interface Prototype {
  /** Such as `@user_script`. */
  readonly source: Bytes;
  readonly lineDefined: number;
  readonly parameterCount: number;
  readonly isVararg: boolean;
  /** Slots of parameters and local variables. */
  readonly slotCount: number;
  /** Parameters that closures share, which have to become cells at the start. */
  readonly capturedParameters: readonly number[];
  readonly code: Int32Array;
  /** Line of the instruction at each position of the code. */
  readonly lines: Int32Array;
  readonly constants: readonly (Bytes | number)[];
  readonly children: readonly Prototype[];
  readonly upvalues: readonly UpvalueSource[];
  /** Names of the operands of the instruction at a position, the left or only one first. */
  readonly names: ReadonlyMap<number, readonly (OperandName | undefined)[]>;
}
