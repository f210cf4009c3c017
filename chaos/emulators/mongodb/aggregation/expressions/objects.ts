/** Operators on documents and their fields: $mergeObjects $getField $setField $unsetField. */
import { locationError } from '../../errors.ts';
import {
  cloneShallow,
  fieldOf,
  isDocument,
  removeField,
  setField,
  typeNameOf,
} from '../../query/bson-value.ts';
import { orderedNames } from '../../bson/field-order.ts';
import type { Document } from '../../storage/contract.ts';
import { compileNamed, isArray, namedOperands, variadic } from './arguments.ts';
import { foldedNode, isNullish } from './evaluation.ts';
import type { Node, OperatorTable, Scope } from './evaluation.ts';

export const objectOperators: OperatorTable = {
  $getField: compileGetField,
  $mergeObjects: variadic((values) => {
    const [only] = values;
    return mergeDocuments(values.length === 1 && isArray(only) ? only : values);
  }),
  $setField: (operand, scope, name) => {
    const given = namedOperands(operand, name, ['field', 'input', 'value'], {
      notAnObject: 4161100,
      unknown: 4161101,
      missing: [
        ['field', 4161102],
        ['value', 4161103],
        ['input', 4161109],
      ],
    });
    return compileSetField(given, scope, name);
  },
  $unsetField: (operand, scope, name) => {
    const given = namedOperands(operand, name, ['field', 'input'], {
      notAnObject: 4161100,
      unknown: 4161101,
      missing: [
        ['field', 4161102],
        ['input', 4161109],
      ],
    });
    return compileSetField({ ...given, value: '$$REMOVE' }, scope, name);
  },
};

/** Later fields win and keep the place of the first. Null and missing add nothing. */
export function mergeDocuments(values: readonly unknown[]): Document {
  const result: Document = {};
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDocument(value)) {
      throw locationError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeNameOf(value)}`,
      );
    }
    for (const name of orderedNames(value)) setField(result, name, fieldOf(value, name));
  }
  return result;
}

function compileGetField(operand: unknown, scope: Scope, name: string): Node {
  const isShort = !isDocument(operand) || Object.keys(operand)[0]?.startsWith('$') === true;
  const given = isShort
    ? { field: operand, input: '$$CURRENT' }
    : namedOperands(operand, name, ['field', 'input'], {
        notAnObject: 3041701,
        unknown: 3041701,
        missing: [
          ['field', 3041702],
          ['input', 3041703],
        ],
      });
  const { field, input } = compileNamed(given, scope);
  const nodes = [field, input].filter((node) => node !== undefined);
  if (field?.constant !== undefined) checkName(field.constant.value);
  return foldedNode(nodes, (root) => {
    const wanted = checkName(field?.evaluate(root));
    const document = input?.evaluate(root);
    if (isDocument(document)) return fieldOf(document, wanted);
    return document === null ? null : undefined;
  });
}

function checkName(value: unknown): string {
  if (typeof value === 'string') return value;
  throw locationError(
    3041704,
    `$getField requires 'field' to evaluate to type String, found ${typeNameOf(value)}`,
  );
}

function compileSetField(
  given: { readonly field?: unknown; readonly input?: unknown; readonly value?: unknown },
  scope: Scope,
  name: string,
): Node {
  if (typeof given.field === 'string' && given.field.startsWith('$')) {
    throw locationError(
      4161108,
      `A field path reference which is not allowed in this context. Did you mean {$literal: '${given.field}'}?`,
    );
  }
  const isLiteral =
    !isArray(given.field) &&
    (!isDocument(given.field) || Object.keys(given.field)[0]?.startsWith('$') !== false);
  const field = scope.compile(given.field);
  if (field.constant === undefined || !isLiteral)
    throw locationError(4161106, `${name} requires 'field' to evaluate to a constant`);
  const target = field.constant.value;
  if (typeof target !== 'string') {
    throw locationError(
      4161107,
      `${name} requires 'field' to evaluate to type String, found ${typeNameOf(target)}`,
    );
  }
  if (target.includes('\0'))
    throw locationError(9534700, `${name} requires 'field' not to contain null characters`);
  const input = scope.compile(given.input);
  const value = scope.compile(given.value);
  return foldedNode([input, value], (root) => {
    const document = input.evaluate(root);
    if (isNullish(document)) return null;
    if (!isDocument(document)) {
      throw locationError(
        4161105,
        `${name} requires 'input' to evaluate to type Object, found ${typeNameOf(document)}`,
      );
    }
    const computed = value.evaluate(root);
    const result = cloneShallow(document);
    if (computed === undefined) removeField(result, target);
    else setField(result, target, computed);
    return result;
  });
}
