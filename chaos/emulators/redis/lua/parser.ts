/** Statements of Lua 5.1 (§2.4 of its manual). */
import type { Bytes } from '../bytes/byte-string.ts';
import { ExpressionParser } from './expression-parser.ts';
import { Lexer } from './lexer.ts';
import { FunctionScope } from './scope.ts';
import type { Block, Expression, FunctionBody, LocalVariable, Statement } from './syntax.ts';

/** @throws LuaSyntaxError */
export function parseChunk(text: Bytes, chunk: string): FunctionBody {
  return new Parser(new Lexer(text, chunk)).parseMain();
}

class Parser extends ExpressionParser {
  parseMain(): FunctionBody {
    this.scope = new FunctionScope(this.lexer, undefined, 0, true);
    const { scope } = this;
    const block = this.parseBlock(false);
    if (this.lexer.token.kind !== 'end') throw this.expected('<eof>');
    return {
      parameters: [],
      isVararg: true,
      argumentTable: undefined,
      block,
      slotCount: scope.slotCount,
      upvalues: scope.upvalues,
      line: 0,
      lastLine: this.lexer.line,
    };
  }

  protected override parseFunctionBody(line: number, hasSelf: boolean): FunctionBody {
    const outer = this.scope;
    this.expect('(');
    const names: Bytes[] = hasSelf ? ['self'] : [];
    let isVararg = false;
    while (!this.lexer.isSymbol(')')) {
      if (this.lexer.isSymbol('...')) {
        isVararg = true;
        this.lexer.advance();
        break;
      }
      names.push(this.parseName());
      if (!this.lexer.isSymbol(',')) break;
      this.lexer.advance();
      if (this.lexer.isSymbol(')')) throw this.lexer.fail("<name> or '...' expected");
    }
    this.expect(')');
    const scope = new FunctionScope(this.lexer, outer, line, isVararg);
    this.scope = scope;
    scope.openBlock(false);
    const parameters = names.map((name) => scope.declare(name));
    const argumentTable = isVararg ? scope.declare('arg') : undefined;
    scope.activate(argumentTable === undefined ? parameters : [...parameters, argumentTable]);
    const block = this.parseBlock(false);
    const lastLine = this.lexer.line;
    this.expectMatch('end', 'function', line);
    scope.closeBlock();
    this.scope = outer;
    return {
      parameters,
      isVararg,
      argumentTable: scope.usesVarargs ? undefined : argumentTable,
      block,
      slotCount: scope.slotCount,
      upvalues: scope.upvalues,
      line,
      lastLine,
    };
  }

  parseBlock(isLoop: boolean): Block {
    this.scope.openBlock(isLoop);
    const statements = this.#parseStatements();
    this.scope.closeBlock();
    return statements;
  }

  #parseStatements(): Statement[] {
    const statements: Statement[] = [];
    this.enterLevel();
    while (!this.#endsBlock()) {
      const statement = this.#parseStatement();
      statements.push(statement);
      if (this.lexer.isSymbol(';')) this.lexer.advance();
      if (statement.kind === 'return' || statement.kind === 'break') break;
    }
    this.leaveLevel();
    return statements;
  }

  #endsBlock(): boolean {
    const { token } = this.lexer;
    if (token.kind === 'end') return true;
    return token.kind === 'symbol' && ['else', 'elseif', 'end', 'until'].includes(token.text);
  }

  #parseStatement(): Statement {
    const { token, line } = this.lexer;
    if (token.kind === 'symbol') {
      switch (token.text) {
        case 'if':
          return this.#parseIf(line);
        case 'while':
          return this.#parseWhile(line);
        case 'do': {
          this.lexer.advance();
          const body = this.parseBlock(false);
          this.expectMatch('end', 'do', line);
          return { kind: 'do', body, line };
        }
        case 'for':
          return this.#parseFor(line);
        case 'repeat':
          return this.#parseRepeat(line);
        case 'function':
          return this.#parseFunction(line);
        case 'local':
          this.lexer.advance();
          if (!this.lexer.isSymbol('function')) return this.#parseLocal(line);
          this.lexer.advance();
          return this.#parseLocalFunction(line);
        case 'return':
          return this.#parseReturn(line);
        case 'break':
          this.lexer.advance();
          if (!this.scope.isInsideLoop) throw this.lexer.fail('no loop to break');
          return { kind: 'break', line };
      }
    }
    return this.#parseExpressionStatement(line);
  }

  #parseIf(line: number): Statement {
    const branches: { condition: Expression; body: Block }[] = [];
    let otherwise: Block | undefined;
    do {
      this.lexer.advance();
      const condition = this.parseExpression();
      this.expect('then');
      branches.push({ condition, body: this.parseBlock(false) });
    } while (this.lexer.isSymbol('elseif'));
    if (this.lexer.isSymbol('else')) {
      this.lexer.advance();
      otherwise = this.parseBlock(false);
    }
    this.expectMatch('end', 'if', line);
    return { kind: 'if', branches, otherwise, line };
  }

  #parseWhile(line: number): Statement {
    this.lexer.advance();
    const condition = this.parseExpression();
    this.expect('do');
    const body = this.parseBlock(true);
    this.expectMatch('end', 'while', line);
    return { kind: 'while', condition, body, line };
  }

  #parseRepeat(line: number): Statement {
    this.lexer.advance();
    this.scope.openBlock(true);
    const body = this.#parseStatements();
    this.expectMatch('until', 'repeat', line);
    const condition = this.parseExpression();
    this.scope.closeBlock();
    return { kind: 'repeat', body, condition, line };
  }

  #parseFor(line: number): Statement {
    this.lexer.advance();
    const first = this.parseName();
    this.scope.openBlock(true);
    const state = this.scope.reserveLoopState();
    let statement: Statement;
    if (this.lexer.isSymbol('=')) statement = this.#parseNumericFor(line, state, first);
    else if (this.lexer.isSymbol(',') || this.lexer.isSymbol('in')) {
      statement = this.#parseGenericFor(state, first);
    } else throw this.lexer.fail("'=' or 'in' expected");
    this.expectMatch('end', 'for', line);
    this.scope.closeBlock();
    return statement;
  }

  #parseNumericFor(line: number, state: number, name: Bytes): Statement {
    this.lexer.advance();
    const start = this.parseExpression();
    this.expect(',');
    const limit = this.parseExpression();
    let step: Expression | undefined;
    if (this.lexer.isSymbol(',')) {
      this.lexer.advance();
      step = this.parseExpression();
    }
    const { body, variables } = this.#parseForBody([name]);
    const [variable] = variables;
    if (variable === undefined) throw this.lexer.fail('<name> expected');
    return { kind: 'numeric for', variable, state, start, limit, step, body, line };
  }

  #parseGenericFor(state: number, first: Bytes): Statement {
    const names = [first];
    while (this.lexer.isSymbol(',')) {
      this.lexer.advance();
      names.push(this.parseName());
    }
    this.expect('in');
    const inLine = this.lexer.line;
    const values = this.parseExpressionList();
    const { body, variables } = this.#parseForBody(names);
    return { kind: 'generic for', variables, state, values, body, line: inLine };
  }

  #parseForBody(names: readonly Bytes[]): { body: Block; variables: LocalVariable[] } {
    this.expect('do');
    this.scope.openBlock(false);
    const variables = names.map((name) => this.scope.declare(name));
    this.scope.activate(variables);
    const body = this.parseBlock(false);
    this.scope.closeBlock();
    return { body, variables };
  }

  #parseFunction(line: number): Statement {
    this.lexer.advance();
    let target = this.scope.resolve(this.parseName(), line);
    let hasSelf = false;
    while (this.lexer.isSymbol('.') || this.lexer.isSymbol(':')) {
      hasSelf = this.lexer.isSymbol(':');
      this.lexer.advance();
      const key: Expression = { kind: 'constant', value: this.parseName(), line };
      target = { kind: 'index', object: target, key, line };
      if (hasSelf) break;
    }
    const body = this.parseFunctionBody(line, hasSelf);
    return { kind: 'assign', targets: [target], values: [{ kind: 'function', body, line }], line };
  }

  #parseLocal(line: number): Statement {
    const names = [this.parseName()];
    while (this.lexer.isSymbol(',')) {
      this.lexer.advance();
      names.push(this.parseName());
    }
    let values: Expression[] = [];
    if (this.lexer.isSymbol('=')) {
      this.lexer.advance();
      values = this.parseExpressionList();
    }
    const variables = names.map((name) => this.scope.declare(name));
    this.scope.activate(variables);
    return { kind: 'local', variables, values, line };
  }

  #parseLocalFunction(line: number): Statement {
    const variable = this.scope.declare(this.parseName());
    this.scope.activate([variable]);
    return { kind: 'local function', variable, body: this.parseFunctionBody(line, false), line };
  }

  #parseReturn(line: number): Statement {
    this.lexer.advance();
    const isEmpty = this.#endsBlock() || this.lexer.isSymbol(';');
    const values = isEmpty ? [] : this.parseExpressionList();
    const statement: Statement = { kind: 'return', values, line };
    if (this.lexer.isSymbol(';')) this.lexer.advance();
    if (!this.#endsBlock()) throw this.expectedBlockEnd();
    return statement;
  }

  #parseExpressionStatement(line: number): Statement {
    const first = this.parsePrimary();
    if (first.kind === 'call' && !this.lexer.isSymbol('=') && !this.lexer.isSymbol(',')) {
      return { kind: 'call', call: first, line };
    }
    const targets = [first];
    while (this.lexer.isSymbol(',')) {
      this.lexer.advance();
      targets.push(this.parsePrimary());
    }
    if (targets.some(({ kind }) => !['local', 'upvalue', 'global', 'index'].includes(kind))) {
      throw this.lexer.fail('syntax error');
    }
    this.expect('=');
    return { kind: 'assign', targets, values: this.parseExpressionList(), line };
  }
}
