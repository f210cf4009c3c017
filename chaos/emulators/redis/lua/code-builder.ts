/** Collects the code of one function. */
import type { Bytes } from '../bytes/byte-string.ts';
import { op } from './opcodes.ts';
import type { OperandName } from './prototype.ts';

export class CodeBuilder {
  readonly code: number[] = [];
  readonly lines: number[] = [];
  readonly constants: (Bytes | number)[] = [];
  readonly names = new Map<number, readonly (OperandName | undefined)[]>();
  readonly #constantPositions = new Map<Bytes | number, number>();

  /** Position of the next instruction. */
  get position(): number {
    return this.code.length;
  }

  emit(line: number, operation: number, a = 0, b = 0): number {
    const position = this.code.length;
    this.code.push(operation, a, b);
    this.lines.push(line, line, line);
    return position;
  }

  /** An instruction whose operands are named in errors. */
  emitNamed(
    line: number,
    names: readonly (OperandName | undefined)[],
    operation: number,
    a = 0,
    b = 0,
  ): void {
    const position = this.emit(line, operation, a, b);
    if (names.some((name) => name !== undefined)) this.names.set(position, names);
  }

  /** A jump whose target is set later, by `land`. */
  emitJump(line: number, operation: number): number {
    return this.emit(line, operation, -1);
  }

  land(jump: number): void {
    this.code[jump + 1] = this.position;
  }

  constant(value: Bytes | number): number {
    // As in the original 0 and -0 are one constant, whichever comes first.
    const known = this.#constantPositions.get(value);
    if (known !== undefined) return known;
    this.constants.push(value);
    this.#constantPositions.set(value, this.constants.length - 1);
    return this.constants.length - 1;
  }

  emitPop(line: number): void {
    this.emit(line, op.pop);
  }
}
