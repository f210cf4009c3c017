/** Expressions of Lua 5.1 (§2.5 of its manual), by precedence climbing. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { LuaSyntaxError } from './errors.ts';
import type { Lexer } from './lexer.ts';
import { FunctionScope } from './scope.ts';
import type {
  BinaryOperator,
  CallExpression,
  Expression,
  FunctionBody,
  TableField,
  UnaryOperator,
} from './syntax.ts';

/** Nesting that the original's parser allows. */
const levelsMax = 200;
const unaryPriority = 8;

/** How strongly an operator binds to its left and to its right. */
const priorities: ReadonlyMap<string, readonly [BinaryOperator, number, number]> = new Map([
  ['+', ['+', 6, 6]],
  ['-', ['-', 6, 6]],
  ['*', ['*', 7, 7]],
  ['/', ['/', 7, 7]],
  ['%', ['%', 7, 7]],
  ['^', ['^', 10, 9]],
  ['..', ['..', 5, 4]],
  ['~=', ['~=', 3, 3]],
  ['==', ['==', 3, 3]],
  ['<', ['<', 3, 3]],
  ['<=', ['<=', 3, 3]],
  ['>', ['>', 3, 3]],
  ['>=', ['>=', 3, 3]],
  ['and', ['and', 2, 2]],
  ['or', ['or', 1, 1]],
]);

export abstract class ExpressionParser {
  protected readonly lexer: Lexer;
  protected scope: FunctionScope;
  #level = 0;

  constructor(lexer: Lexer) {
    this.lexer = lexer;
    this.scope = new FunctionScope(lexer, undefined, 0, true);
  }

  protected abstract parseFunctionBody(line: number, hasSelf: boolean): FunctionBody;

  protected enterLevel(): void {
    this.#level += 1;
    if (this.#level > levelsMax) throw this.lexer.failAt('chunk has too many syntax levels');
  }

  protected leaveLevel(): void {
    this.#level -= 1;
  }

  protected expect(symbol: string): void {
    if (!this.lexer.isSymbol(symbol)) throw this.expected(`'${symbol}'`);
    this.lexer.advance();
  }

  protected expectMatch(symbol: string, opener: string, line: number): void {
    if (this.lexer.isSymbol(symbol)) {
      this.lexer.advance();
      return;
    }
    if (line === this.lexer.line) throw this.expected(`'${symbol}'`);
    throw this.lexer.fail(`'${symbol}' expected (to close '${opener}' at line ${line})`);
  }

  protected expected(what: string): LuaSyntaxError {
    return this.lexer.fail(
      `${what.startsWith("'") || what.startsWith('<name') ? what : `'${what}'`} expected`,
    );
  }

  /** After a return, only the end of its block may follow. */
  protected expectedBlockEnd(): LuaSyntaxError {
    return this.expected(this.scope.parent === undefined ? '<eof>' : "'end'");
  }

  protected parseName(): Bytes {
    const { token } = this.lexer;
    if (token.kind !== 'name') throw this.expected('<name>');
    this.lexer.advance();
    return token.text;
  }

  protected parseExpressionList(): Expression[] {
    const list = [this.parseExpression()];
    while (this.lexer.isSymbol(',')) {
      this.lexer.advance();
      list.push(this.parseExpression());
    }
    return list;
  }

  protected parseExpression(limit = 0): Expression {
    this.enterLevel();
    let left = this.#parseOperand();
    for (;;) {
      const { token } = this.lexer;
      const priority = token.kind === 'symbol' ? priorities.get(token.text) : undefined;
      if (priority === undefined || priority[1] <= limit) break;
      const [operator, , rightPriority] = priority;
      this.lexer.advance();
      const right = this.parseExpression(rightPriority);
      left = { kind: 'binary', operator, left, right, line: this.lexer.lastLine };
    }
    this.leaveLevel();
    return left;
  }

  #parseOperand(): Expression {
    const { token, line } = this.lexer;
    if (token.kind === 'symbol') {
      const unary = unaryOperator(token.text);
      if (unary !== undefined) {
        this.lexer.advance();
        const operand = this.parseExpression(unaryPriority);
        return { kind: 'unary', operator: unary, operand, line: this.lexer.lastLine };
      }
    }
    return this.#parseSimple(line);
  }

  #parseSimple(line: number): Expression {
    const { token } = this.lexer;
    if (token.kind === 'number' || token.kind === 'string') {
      this.lexer.advance();
      return { kind: 'constant', value: token.value, line };
    }
    if (token.kind === 'symbol') {
      switch (token.text) {
        case 'nil':
        case 'true':
        case 'false':
          this.lexer.advance();
          return { kind: token.text, line };
        case '...':
          if (!this.scope.isVararg) throw this.lexer.fail("cannot use '...' outside a vararg function");
          this.scope.usesVarargs = true;
          this.lexer.advance();
          return { kind: 'vararg', line };
        case '{':
          return this.#parseTable(line);
        case 'function':
          this.lexer.advance();
          return { kind: 'function', body: this.parseFunctionBody(line, false), line };
      }
    }
    return this.parsePrimary();
  }

  /** A name or parenthesised expression, and what is applied to it. */
  protected parsePrimary(): Expression {
    let expression = this.#parsePrefix();
    for (;;) {
      const { token, line } = this.lexer;
      if (token.kind === 'string') {
        expression = this.#parseCall(expression, undefined, line);
        continue;
      }
      if (token.kind !== 'symbol') return expression;
      switch (token.text) {
        case '.': {
          this.lexer.advance();
          const key: Expression = { kind: 'constant', value: this.parseName(), line };
          expression = { kind: 'index', object: expression, key, line: this.lexer.lastLine };
          break;
        }
        case '[': {
          this.lexer.advance();
          const key = this.parseExpression();
          this.expect(']');
          expression = { kind: 'index', object: expression, key, line: this.lexer.lastLine };
          break;
        }
        case ':': {
          this.lexer.advance();
          const method = this.parseName();
          expression = this.#parseCall(expression, method, this.lexer.line);
          break;
        }
        case '(':
        case '{':
          expression = this.#parseCall(expression, undefined, line);
          break;
        default:
          return expression;
      }
    }
  }

  #parsePrefix(): Expression {
    const { token, line } = this.lexer;
    if (token.kind === 'name') {
      this.lexer.advance();
      return this.scope.resolve(token.text, line);
    }
    if (this.lexer.isSymbol('(')) {
      this.lexer.advance();
      const inner = this.parseExpression();
      this.expectMatch(')', '(', line);
      return { kind: 'parenthesised', inner, line };
    }
    throw this.lexer.fail('unexpected symbol');
  }

  #parseCall(callee: Expression, method: Bytes | undefined, line: number): CallExpression {
    const { token } = this.lexer;
    let args: Expression[];
    if (token.kind === 'string') {
      this.lexer.advance();
      args = [{ kind: 'constant', value: token.value, line }];
    } else if (this.lexer.isSymbol('{')) {
      args = [this.#parseTable(line)];
    } else if (this.lexer.isSymbol('(')) {
      if (line !== this.lexer.lastLine) {
        throw this.lexer.fail('ambiguous syntax (function call x new statement)');
      }
      this.lexer.advance();
      args = this.lexer.isSymbol(')') ? [] : this.parseExpressionList();
      this.expectMatch(')', '(', line);
    } else {
      throw this.lexer.fail('function arguments expected');
    }
    return { kind: 'call', callee, method, args, line };
  }

  #parseTable(line: number): Expression {
    this.expect('{');
    const fields: TableField[] = [];
    while (!this.lexer.isSymbol('}')) {
      fields.push(this.#parseField());
      if (!this.lexer.isSymbol(',') && !this.lexer.isSymbol(';')) break;
      this.lexer.advance();
    }
    this.expectMatch('}', '{', line);
    return { kind: 'table', fields, line };
  }

  #parseField(): TableField {
    const { token, line } = this.lexer;
    if (token.kind === 'name') {
      const after = this.lexer.peek();
      if (after.kind === 'symbol' && after.text === '=') {
        this.lexer.advance();
        this.lexer.advance();
        return {
          kind: 'pair',
          key: { kind: 'constant', value: token.text, line },
          value: this.parseExpression(),
          line,
        };
      }
    }
    if (!this.lexer.isSymbol('[')) return { kind: 'item', value: this.parseExpression() };
    this.lexer.advance();
    const key = this.parseExpression();
    this.expect(']');
    this.expect('=');
    return { kind: 'pair', key, value: this.parseExpression(), line };
  }
}

function unaryOperator(text: string): UnaryOperator | undefined {
  return text === '-' || text === 'not' || text === '#' ? text : undefined;
}
