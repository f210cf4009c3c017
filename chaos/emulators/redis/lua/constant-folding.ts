/** Arithmetic of number literals, which the original calculates while it compiles: everything but divisions by zero and what is no number. */
import { calculate, type Arithmetic } from './operations.ts';
import type { Expression } from './syntax.ts';

const operations: Readonly<Record<string, Arithmetic>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '^': 'power',
};

/** Undefined for an expression that has to be calculated when the program runs. */
export function foldedNumber(expression: Expression): number | undefined {
  switch (expression.kind) {
    case 'constant':
      return typeof expression.value === 'number' ? expression.value : undefined;
    case 'parenthesised':
      return foldedNumber(expression.inner);
    case 'unary': {
      const operand = expression.operator === '-' ? foldedNumber(expression.operand) : undefined;
      return operand === undefined ? undefined : numberOrNothing(-operand);
    }
    case 'binary': {
      const operation = operations[expression.operator];
      const left = operation === undefined ? undefined : foldedNumber(expression.left);
      const right = left === undefined ? undefined : foldedNumber(expression.right);
      if (operation === undefined || left === undefined || right === undefined) return undefined;
      if (right === 0 && (operation === 'divide' || operation === 'modulo')) return undefined;
      return numberOrNothing(calculate(operation, left, right));
    }
    default:
      return undefined;
  }
}

function numberOrNothing(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
