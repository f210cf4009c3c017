/** Compiles expressions: each leaves one value on the stack, unless more are asked for. */
import { foldedNumber } from './constant-folding.ts';
import { op } from './opcodes.ts';
import type { CodeBuilder } from './code-builder.ts';
import type { OperandName } from './prototype.ts';
import type { BinaryOperator, CallExpression, Expression, FunctionBody, TableField } from './syntax.ts';
import { roundToFloatingByte } from './table-sizes.ts';

type PlainOperator = Exclude<BinaryOperator, 'and' | 'or' | '..'>;

const binaryOperations: Readonly<Record<PlainOperator, number>> = {
  '+': op.add,
  '-': op.subtract,
  '*': op.multiply,
  '/': op.divide,
  '%': op.modulo,
  '^': op.power,
  '==': op.equal,
  '~=': op.notEqual,
  '<': op.less,
  '<=': op.lessOrEqual,
  '>': op.greater,
  '>=': op.greaterOrEqual,
};

/** Items of a constructor that are stored at once. */
const itemsPerFlush = 50;

export abstract class ExpressionCompiler {
  protected readonly builder: CodeBuilder;

  constructor(builder: CodeBuilder) {
    this.builder = builder;
  }

  protected abstract functionExpression(body: FunctionBody, line: number): void;

  protected expression(expression: Expression): void {
    const { builder } = this;
    const { line } = expression;
    const folded = foldedNumber(expression);
    if (folded !== undefined) {
      builder.emit(line, op.constant, builder.constant(folded));
      return;
    }
    switch (expression.kind) {
      case 'nil':
        builder.emit(line, op.pushNil);
        return;
      case 'true':
        builder.emit(line, op.pushTrue);
        return;
      case 'false':
        builder.emit(line, op.pushFalse);
        return;
      case 'vararg':
        builder.emit(line, op.vararg, 1);
        return;
      case 'constant':
        builder.emit(line, op.constant, builder.constant(expression.value));
        return;
      case 'function':
        this.functionExpression(expression.body, line);
        return;
      case 'local':
        builder.emit(
          line,
          expression.variable.isCaptured ? op.getCell : op.getSlot,
          expression.variable.slot,
        );
        return;
      case 'upvalue':
        builder.emit(line, op.getUpvalue, expression.index);
        return;
      case 'global':
        builder.emit(line, op.getGlobal, builder.constant(expression.name));
        return;
      case 'index':
        this.#index(expression);
        return;
      case 'call':
        this.call(expression, 1);
        return;
      case 'binary':
        this.#binary(expression);
        return;
      case 'unary':
        this.expression(expression.operand);
        builder.emitNamed(line, [this.nameOf(expression.operand)], unaryOperation(expression.operator));
        return;
      case 'parenthesised':
        this.expression(expression.inner);
        return;
      case 'table':
        this.#table(expression.fields, line);
    }
  }

  /** Exactly `count` values: missing ones are nil, those too many are evaluated and dropped. */
  protected expressionList(list: readonly Expression[], count: number, line: number): void {
    const { builder } = this;
    list.forEach((expression, index) => {
      const isLast = index === list.length - 1;
      const missing = count - list.length;
      if (isLast && missing >= 0 && expression.kind === 'call') this.call(expression, missing + 1);
      else if (isLast && missing >= 0 && expression.kind === 'vararg') {
        builder.emit(line, op.vararg, missing + 1);
      } else {
        this.expression(expression);
        if (index >= count) builder.emitPop(line);
        if (isLast) for (let left = missing; left > 0; left -= 1) builder.emit(line, op.pushNil);
      }
    });
    if (list.length === 0) for (let left = count; left > 0; left -= 1) builder.emit(line, op.pushNil);
  }

  /** All values; true when those of the last expression are pending. */
  protected pushAll(list: readonly Expression[]): boolean {
    const last = list.at(-1);
    for (const expression of list.slice(0, -1)) this.expression(expression);
    if (last === undefined) return false;
    if (last.kind === 'call') this.call(last, -1);
    else if (last.kind === 'vararg') this.builder.emit(last.line, op.vararg, -1);
    else {
      this.expression(last);
      return false;
    }
    return true;
  }

  protected call(call: CallExpression, wanted: number): void {
    const { count, isPending } = this.#callee(call);
    this.builder.emitNamed(
      call.line,
      [this.#calleeName(call)],
      isPending ? op.callPending : op.call,
      count,
      wanted,
    );
  }

  protected tailCall(call: CallExpression): void {
    const { count, isPending } = this.#callee(call);
    this.builder.emitNamed(
      call.line,
      [this.#calleeName(call)],
      isPending ? op.tailCallPending : op.tailCall,
      count,
    );
  }

  /** Jumps that are taken when the condition does not hold. */
  protected jumpUnless(condition: Expression): number[] {
    if (condition.kind === 'binary' && condition.operator === 'and') {
      return [...this.jumpUnless(condition.left), ...this.jumpUnless(condition.right)];
    }
    if (condition.kind === 'unary' && condition.operator === 'not') {
      this.expression(condition.operand);
      return [this.builder.emitJump(condition.line, op.jumpIfTrue)];
    }
    this.expression(condition);
    return [this.builder.emitJump(condition.line, op.jumpIfFalse)];
  }

  /** How errors name what an expression gave. */
  protected nameOf(expression: Expression): OperandName | undefined {
    switch (expression.kind) {
      case 'local':
        return { kind: 'local', name: expression.variable.name };
      case 'upvalue':
        return { kind: 'upvalue', name: expression.name };
      case 'global':
        return { kind: 'global', name: expression.name };
      case 'index':
        return expression.key.kind === 'constant' && typeof expression.key.value === 'string'
          ? { kind: 'field', name: expression.key.value }
          : { kind: 'field', name: '?' };
      case 'parenthesised':
        return this.nameOf(expression.inner);
      default:
        return undefined;
    }
  }

  #calleeName(call: CallExpression): OperandName | undefined {
    return call.method === undefined ? this.nameOf(call.callee) : { kind: 'method', name: call.method };
  }

  #callee({ callee, method, args, line }: CallExpression): { count: number; isPending: boolean } {
    this.expression(callee);
    if (method !== undefined) {
      this.builder.emitNamed(line, [this.nameOf(callee)], op.self, this.builder.constant(method));
    }
    const isPending = this.pushAll(args);
    const count = args.length + (method === undefined ? 0 : 1);
    return { count: isPending ? count - 1 : count, isPending };
  }

  #index({ object, key, line }: Extract<Expression, { kind: 'index' }>): void {
    const names = [this.nameOf(object)];
    this.expression(object);
    if (key.kind === 'constant') {
      this.builder.emitNamed(line, names, op.indexConstant, this.builder.constant(key.value));
      return;
    }
    this.expression(key);
    this.builder.emitNamed(line, names, op.index);
  }

  #binary(expression: Extract<Expression, { kind: 'binary' }>): void {
    const { operator, left, right, line } = expression;
    if (operator === 'and' || operator === 'or') {
      this.expression(left);
      const jump = this.builder.emitJump(line, operator === 'and' ? op.and : op.or);
      this.expression(right);
      this.builder.land(jump);
      return;
    }
    if (operator === '..') {
      const operands = concatOperands(expression);
      for (const operand of operands) this.expression(operand);
      this.builder.emitNamed(
        line,
        operands.map((operand) => this.nameOf(operand)),
        op.concat,
        operands.length,
      );
      return;
    }
    this.expression(left);
    this.expression(right);
    this.builder.emitNamed(line, [this.nameOf(left), this.nameOf(right)], binaryOperations[operator]);
  }

  #table(fields: readonly TableField[], line: number): void {
    const { builder } = this;
    const items = fields.filter(({ kind }) => kind === 'item').length;
    const last = fields.at(-1);
    const endsPending = last?.kind === 'item' && ['call', 'vararg'].includes(last.value.kind);
    builder.emit(
      line,
      op.newTable,
      roundToFloatingByte(endsPending ? items - 1 : items),
      roundToFloatingByte(fields.length - items),
    );
    let stored = 0;
    let waiting = 0;
    fields.forEach((field, index) => {
      if (field.kind === 'pair') {
        this.expression(field.key);
        this.expression(field.value);
        builder.emit(field.line, op.initField, waiting);
        return;
      }
      if (index === fields.length - 1 && endsPending) {
        this.pushAll([field.value]);
        builder.emit(line, op.setListPending, waiting, stored + 1);
        waiting = 0;
        return;
      }
      this.expression(field.value);
      waiting += 1;
      if (waiting === itemsPerFlush) {
        builder.emit(line, op.setList, waiting, stored + 1);
        stored += waiting;
        waiting = 0;
      }
    });
    if (waiting > 0) builder.emit(line, op.setList, waiting, stored + 1);
  }
}

/** `a .. b .. c` is joined at once; it groups to the right. */
function concatOperands(expression: Expression): Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== '..') return [expression];
  return [expression.left, ...concatOperands(expression.right)];
}

function unaryOperation(operator: '-' | 'not' | '#'): number {
  if (operator === '-') return op.negate;
  return operator === 'not' ? op.not : op.length;
}
