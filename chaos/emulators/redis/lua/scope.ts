/** Names that are visible while a function is parsed, and the slots that its variables get. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Lexer } from './lexer.ts';
import type { Expression, LocalVariable, UpvalueReference } from './syntax.ts';

const variablesMax = 200;
const upvaluesMax = 60;

interface BlockScope {
  readonly firstActive: number;
  readonly firstSlot: number;
  readonly isLoop: boolean;
}

export class FunctionScope {
  readonly parent: FunctionScope | undefined;
  readonly line: number;
  readonly upvalues: UpvalueReference[] = [];
  readonly isVararg: boolean;
  /** Whether `...` occurs in the function itself. */
  usesVarargs = false;
  slotCount = 0;
  readonly #lexer: Lexer;
  readonly #active: LocalVariable[] = [];
  readonly #blocks: BlockScope[] = [];
  #nextSlot = 0;

  constructor(lexer: Lexer, parent: FunctionScope | undefined, line: number, isVararg: boolean) {
    this.#lexer = lexer;
    this.parent = parent;
    this.line = line;
    this.isVararg = isVararg;
  }

  openBlock(isLoop: boolean): void {
    this.#blocks.push({ firstActive: this.#active.length, firstSlot: this.#nextSlot, isLoop });
  }

  closeBlock(): void {
    const block = this.#blocks.pop();
    if (block === undefined) return;
    this.#active.length = block.firstActive;
    this.#nextSlot = block.firstSlot;
  }

  get isInsideLoop(): boolean {
    return this.#blocks.some(({ isLoop }) => isLoop);
  }

  /** A variable with its slot, not yet visible. */
  declare(name: Bytes): LocalVariable {
    return { name, slot: this.#takeSlot(), isCaptured: false };
  }

  /** The first of three slots that a loop keeps its state in. */
  reserveLoopState(): number {
    const first = this.#takeSlot();
    this.#takeSlot();
    this.#takeSlot();
    return first;
  }

  activate(variables: readonly LocalVariable[]): void {
    this.#active.push(...variables);
  }

  resolve(name: Bytes, line: number): Expression {
    const variable = this.#find(name);
    if (variable !== undefined) return { kind: 'local', variable, line };
    const index = this.#upvalue(name);
    return index === undefined ? { kind: 'global', name, line } : { kind: 'upvalue', index, name, line };
  }

  #takeSlot(): number {
    const slot = this.#nextSlot;
    if (slot >= variablesMax) throw this.#tooMany('local variables', variablesMax);
    this.#nextSlot += 1;
    this.slotCount = Math.max(this.slotCount, this.#nextSlot);
    return slot;
  }

  #find(name: Bytes): LocalVariable | undefined {
    return this.#active.findLast((variable) => variable.name === name);
  }

  #upvalue(name: Bytes): number | undefined {
    const known = this.upvalues.findIndex((upvalue) => upvalue.name === name);
    if (known !== -1) return known;
    const { parent } = this;
    if (parent === undefined) return undefined;
    const variable = parent.#find(name);
    if (variable !== undefined) {
      variable.isCaptured = true;
      return this.#addUpvalue({ name, from: 'slot', index: variable.slot });
    }
    const outer = parent.#upvalue(name);
    return outer === undefined ? undefined : this.#addUpvalue({ name, from: 'upvalue', index: outer });
  }

  #addUpvalue(upvalue: UpvalueReference): number {
    if (this.upvalues.length >= upvaluesMax) throw this.#tooMany('upvalues', upvaluesMax);
    this.upvalues.push(upvalue);
    return this.upvalues.length - 1;
  }

  #tooMany(what: string, limit: number): Error {
    const place = this.line === 0 ? 'main function' : `function at line ${this.line}`;
    return this.#lexer.failAt(`${place} has more than ${limit} ${what}`);
  }
}
