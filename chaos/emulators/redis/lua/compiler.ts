/** Compiles a parsed chunk, statement by statement. */
import type { Bytes } from '../bytes/byte-string.ts';
import { CodeBuilder } from './code-builder.ts';
import { ExpressionCompiler } from './expression-compiler.ts';
import { op } from './opcodes.ts';
import { parseChunk } from './parser.ts';
import type { Prototype } from './prototype.ts';
import type { Block, Expression, FunctionBody, LocalVariable, Statement } from './syntax.ts';

/**
 * @param source how errors name it, after an `@`
 * @throws LuaSyntaxError
 */
export function compileChunk(text: Bytes, source: Bytes): Prototype {
  return compileFunction(parseChunk(text, chunkName(source)), source);
}

/** `@name` is a file's name, anything else is source text itself. */
function chunkName(source: Bytes): string {
  if (source.startsWith('@') || source.startsWith('=')) return source.slice(1, 60);
  const firstLine = source.split(/[\r\n]/, 1)[0] ?? '';
  const isShort = firstLine === source && source.length <= 44;
  return isShort ? `[string "${source}"]` : `[string "${firstLine.slice(0, 42)}..."]`;
}

function compileFunction(body: FunctionBody, source: Bytes): Prototype {
  return new FunctionCompiler(source).compile(body);
}

class FunctionCompiler extends ExpressionCompiler {
  readonly #source: Bytes;
  readonly #children: Prototype[] = [];
  /** Jumps out of the loops that are open. */
  readonly #breaks: number[][] = [];

  constructor(source: Bytes) {
    super(new CodeBuilder());
    this.#source = source;
  }

  compile(body: FunctionBody): Prototype {
    const { builder } = this;
    const { argumentTable } = body;
    if (argumentTable !== undefined) {
      builder.emit(body.line, op.argumentTable);
      this.#declare(argumentTable, body.line);
    }
    this.#block(body.block);
    builder.emit(body.lastLine, op.return, 0);
    return {
      source: this.#source,
      lineDefined: body.line,
      parameterCount: body.parameters.length,
      isVararg: body.isVararg,
      slotCount: body.slotCount,
      capturedParameters: body.parameters.filter(({ isCaptured }) => isCaptured).map(({ slot }) => slot),
      code: Int32Array.from(builder.code),
      lines: Int32Array.from(builder.lines),
      constants: builder.constants,
      children: this.#children,
      upvalues: body.upvalues,
      names: builder.names,
    };
  }

  protected override functionExpression(body: FunctionBody, line: number): void {
    this.#children.push(compileFunction(body, this.#source));
    this.builder.emit(line, op.closure, this.#children.length - 1);
  }

  #block(block: Block): void {
    for (const statement of block) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    const { builder } = this;
    const { line } = statement;
    switch (statement.kind) {
      case 'local':
        this.expressionList(statement.values, statement.variables.length, line);
        for (const variable of statement.variables.toReversed()) this.#declare(variable, line);
        return;
      case 'assign':
        this.#assign(statement.targets, statement.values, line);
        return;
      case 'call':
        this.call(statement.call, 0);
        return;
      case 'do':
        this.#block(statement.body);
        return;
      case 'while': {
        const start = builder.position;
        const exits = this.jumpUnless(statement.condition);
        this.#loopBody(statement.body, () => {
          builder.emit(line, op.loop, start);
          exits.forEach((exit) => builder.land(exit));
        });
        return;
      }
      case 'repeat': {
        const start = builder.position;
        this.#loopBody(statement.body, () => {
          const again = this.jumpUnless(statement.condition);
          const done = builder.emitJump(line, op.jump);
          again.forEach((jump) => builder.land(jump));
          builder.emit(line, op.loop, start);
          builder.land(done);
        });
        return;
      }
      case 'if':
        this.#if(statement);
        return;
      case 'numeric for':
        this.#numericFor(statement);
        return;
      case 'generic for':
        this.#genericFor(statement);
        return;
      case 'local function':
        // Its own body may refer to it, so that the variable is there first.
        if (statement.variable.isCaptured) {
          builder.emit(line, op.pushNil);
          builder.emit(line, op.newCell, statement.variable.slot);
        }
        this.functionExpression(statement.body, line);
        builder.emit(line, statement.variable.isCaptured ? op.setCell : op.setSlot, statement.variable.slot);
        return;
      case 'return':
        this.#return(statement.values, line);
        return;
      case 'break':
        this.#breaks.at(-1)?.push(builder.emitJump(line, op.jump));
    }
  }

  #declare(variable: LocalVariable, line: number): void {
    this.builder.emit(line, variable.isCaptured ? op.newCell : op.setSlot, variable.slot);
  }

  #loopBody(body: Block, end: () => void): void {
    this.#breaks.push([]);
    this.#block(body);
    end();
    for (const jump of this.#breaks.pop() ?? []) this.builder.land(jump);
  }

  #if({ branches, otherwise, line }: Extract<Statement, { kind: 'if' }>): void {
    const ends: number[] = [];
    branches.forEach(({ condition, body }, index) => {
      const exits = this.jumpUnless(condition);
      this.#block(body);
      if (index < branches.length - 1 || otherwise !== undefined) {
        ends.push(this.builder.emitJump(line, op.jump));
      }
      exits.forEach((exit) => this.builder.land(exit));
    });
    if (otherwise !== undefined) this.#block(otherwise);
    ends.forEach((end) => this.builder.land(end));
  }

  #numericFor(loop: Extract<Statement, { kind: 'numeric for' }>): void {
    const { builder } = this;
    const { state, line, variable } = loop;
    this.expression(loop.start);
    this.expression(loop.limit);
    if (loop.step === undefined) builder.emit(line, op.constant, builder.constant(1));
    else this.expression(loop.step);
    for (const offset of [2, 1, 0]) builder.emit(line, op.setSlot, state + offset);
    const prepare = builder.emit(line, op.forPrepare, state, -1);
    const start = builder.position;
    if (variable.isCaptured) {
      builder.emit(line, op.getSlot, variable.slot);
      builder.emit(line, op.newCell, variable.slot);
    }
    this.#loopBody(loop.body, () => {
      builder.code[prepare + 2] = builder.position;
      builder.emit(line, op.forLoop, state, start);
    });
  }

  #genericFor(loop: Extract<Statement, { kind: 'generic for' }>): void {
    const { builder } = this;
    const { state, line, variables } = loop;
    this.expressionList(loop.values, 3, line);
    for (const offset of [2, 1, 0]) builder.emit(line, op.setSlot, state + offset);
    const start = builder.position;
    builder.emit(line, op.forCall, state, variables.length);
    const check = builder.emit(line, op.forCheck, -1, variables.length);
    for (const variable of variables.toReversed()) this.#declare(variable, line);
    this.#loopBody(loop.body, () => {
      builder.emit(line, op.loop, start);
      builder.land(check);
    });
  }

  #assign(targets: readonly Expression[], values: readonly Expression[], line: number): void {
    const { builder } = this;
    const [first] = targets;
    if (targets.length === 1 && first !== undefined) {
      if (first.kind === 'index') this.#assignIndex(first, values, line);
      else {
        this.expressionList(values, 1, line);
        this.#store(first, line);
      }
      return;
    }
    // Objects and keys are evaluated first, left to right; the stores happen right to left.
    let below = 0;
    const depths = targets.map((target) => {
      if (target.kind !== 'index') return -1;
      this.expression(target.object);
      this.expression(target.key);
      below += 2;
      return below;
    });
    this.expressionList(values, targets.length, line);
    let left = targets.length;
    targets.toReversed().forEach((target, index) => {
      const depth = depths[targets.length - 1 - index] ?? -1;
      if (target.kind !== 'index') this.#store(target, line);
      else {
        builder.emitNamed(line, [this.nameOf(target.object)], op.setIndexBelow, left + below - depth + 1);
      }
      left -= 1;
    });
    for (let count = below; count > 0; count -= 1) builder.emitPop(line);
  }

  #assignIndex(
    target: Extract<Expression, { kind: 'index' }>,
    values: readonly Expression[],
    line: number,
  ): void {
    const { builder } = this;
    const names = [this.nameOf(target.object)];
    this.expression(target.object);
    if (target.key.kind === 'constant') {
      this.expressionList(values, 1, line);
      builder.emitNamed(line, names, op.setIndexConstant, builder.constant(target.key.value));
      return;
    }
    this.expression(target.key);
    this.expressionList(values, 1, line);
    builder.emitNamed(line, names, op.setIndex);
  }

  #store(target: Expression, line: number): void {
    const { builder } = this;
    switch (target.kind) {
      case 'local':
        builder.emit(line, target.variable.isCaptured ? op.setCell : op.setSlot, target.variable.slot);
        return;
      case 'upvalue':
        builder.emit(line, op.setUpvalue, target.index);
        return;
      case 'global':
        builder.emit(line, op.setGlobal, builder.constant(target.name));
        return;
      default:
        throw new TypeError(`an expression of kind ${target.kind} takes no value`);
    }
  }

  #return(values: readonly Expression[], line: number): void {
    const [only] = values;
    if (values.length === 1 && only?.kind === 'call') {
      this.tailCall(only);
      // For a native function, which no frame can be replaced by.
      this.builder.emit(line, op.returnPending, 0);
      return;
    }
    const isPending = this.pushAll(values);
    this.builder.emit(
      line,
      isPending ? op.returnPending : op.return,
      isPending ? values.length - 1 : values.length,
    );
  }
}
