/** Compiles an aggregation expression: field paths, variables, literals, documents, arrays and operators. */
import { locationError, MongoError } from '../../errors.ts';
import { fieldOf, isDocument, setField } from '../../query/bson-value.ts';
import { orderedNames } from '../../bson/field-order.ts';
import type { Document } from '../../storage/contract.ts';
import { computedNode, constantNode, foldedNode } from './evaluation.ts';
import type { Evaluate, ExpressionEnvironment, Node, Scope } from './evaluation.ts';
import { expressionOperators, refusedOperators } from './registry.ts';
import { checkFieldName, checkVariableName } from './names.ts';
import { checkFieldPath, resolvePath } from './field-path.ts';

/** A compiler for expressions over one document. */
export function rootScope(environment: ExpressionEnvironment): Scope {
  return new CompilerScope(environment, [], new Map());
}

class CompilerScope implements Scope {
  readonly environment: ExpressionEnvironment;
  readonly #frame: unknown[];
  readonly #slots: ReadonlyMap<string, number>;

  constructor(environment: ExpressionEnvironment, frame: unknown[], slots: ReadonlyMap<string, number>) {
    this.environment = environment;
    this.#frame = frame;
    this.#slots = slots;
  }

  declare(names: readonly string[]): { scope: Scope; set: (index: number, value: unknown) => void } {
    const frame = this.#frame;
    const first = frame.length;
    const slots = new Map(this.#slots);
    for (const name of names) slots.set(name, frame.push(undefined) - 1);
    return {
      scope: new CompilerScope(this.environment, frame, slots),
      set: (index, value) => {
        frame[first + index] = value;
      },
    };
  }

  compile(expression: unknown): Node {
    if (typeof expression === 'string') {
      return expression.startsWith('$') ? this.#path(expression) : constantNode(expression);
    }
    if (Array.isArray(expression)) return this.#array(expression);
    if (!isDocument(expression)) return constantNode(expression);
    const names = orderedNames(expression);
    const [first] = names;
    if (first === undefined) return constantNode({});
    return first.startsWith('$') ? this.#operator(expression, names) : this.#document(expression, names);
  }

  #array(items: readonly unknown[]): Node {
    const nodes = items.map((item) => this.compile(item));
    return foldedNode(nodes, (root) => nodes.map(({ evaluate }) => evaluate(root) ?? null));
  }

  #document(expression: Document, names: readonly string[]): Node {
    const fields = names.map((name) => {
      checkFieldName(name);
      return { name, node: this.compile(expression[name]) };
    });
    return foldedNode(
      fields.map(({ node }) => node),
      (root) => {
        const document: Document = {};
        for (const { name, node } of fields) {
          const value = node.evaluate(root);
          if (value !== undefined) setField(document, name, value);
        }
        return document;
      },
    );
  }

  #operator(expression: Document, names: readonly string[]): Node {
    const [name = ''] = names;
    if (names.length > 1) {
      throw locationError(
        15983,
        `An object representing an expression must have exactly one field: ${names.join(', ')}`,
      );
    }
    const operator = Object.hasOwn(expressionOperators, name) ? expressionOperators[name] : undefined;
    if (operator !== undefined) return operator(expression[name], this, name);
    if (refusedOperators.has(name)) {
      throw new MongoError('CommandNotSupported', `${name} is not supported by the embedded MongoDB`);
    }
    throw new MongoError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  }

  #path(expression: string): Node {
    if (!expression.startsWith('$$')) {
      const parts = checkFieldPath(expression.slice(1), expression);
      const current = this.#slots.get('CURRENT');
      if (current !== undefined) {
        const frame = this.#frame;
        return computedNode(() => resolvePath(frame[current], parts));
      }
      const [only] = parts;
      if (parts.length === 1 && only !== undefined) {
        return computedNode((root) => (isDocument(root) ? fieldOf(root, only) : undefined));
      }
      return computedNode((root) => resolvePath(root, parts));
    }
    const dotted = expression.slice(2);
    if (/^(?:$|[.$])/.test(dotted)) {
      throw new MongoError('FailedToParse', 'empty variable names are not allowed');
    }
    const [name = '', ...rest] = checkFieldPath(dotted, expression);
    checkVariableName(name, /^[A-Za-z\u0080-\uffff]/);
    const variable = this.#variable(name);
    if (rest.length === 0) return variable;
    const { evaluate } = variable;
    return foldedNode([variable], (root) => resolvePath(evaluate(root), rest));
  }

  #variable(name: string): Node {
    const slot = this.#slots.get(name);
    const frame = this.#frame;
    if (slot !== undefined) return computedNode(() => frame[slot]);
    const { variables } = this.environment;
    if (variables !== undefined && Object.hasOwn(variables, name)) return computedNode(() => variables[name]);
    switch (name) {
      case 'ROOT':
      case 'CURRENT':
        return computedNode(identity);
      case 'REMOVE':
        return constantNode(undefined);
      case 'NOW':
        return computedNode(() => new Date(this.environment.nowMs ?? 0));
      case 'USER_ROLES':
        return constantNode([]);
      case 'CLUSTER_TIME': {
        const { clusterTime } = this.environment;
        if (clusterTime === undefined)
          throw locationError(10071200, "system variable 'CLUSTER_TIME' is not available here");
        return computedNode(() => clusterTime);
      }
      case 'SEARCH_META':
      case 'JS_SCOPE':
      case 'IS_MR':
        throw new MongoError('CommandNotSupported', `$$${name} is not supported by the embedded MongoDB`);
      default:
        throw locationError(17276, `Use of undefined variable: ${name}`);
    }
  }
}

const identity: Evaluate = (root) => root;
