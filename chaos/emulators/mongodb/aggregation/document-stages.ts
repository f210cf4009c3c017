/** Stages that turn one document into one: $addFields $project $replaceRoot $replaceWith $set $unset. */
import { shellText } from '../storage/duplicate-key.ts';
import { locationError } from '../errors.ts';
import { cloneShallow, isDocument, typeNameOf } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import { compileProjection } from '../query/projection.ts';
import type { Document } from '../storage/contract.ts';
import { assignPath } from './assign-path.ts';
import { compileExpression } from './expression.ts';
import type { Expression, ExpressionEnvironment } from './expression.ts';
import { checkFieldPath } from './expressions/field-path.ts';

export type DocumentStage = (document: Document) => Document;

type DocumentStageCompiler = (
  operand: unknown,
  environment: ExpressionEnvironment,
  name: string,
) => DocumentStage;

export const documentStages: Readonly<Record<string, DocumentStageCompiler>> = {
  $addFields: compileSet,
  $project: compileProject,
  $replaceRoot: (operand, environment) => {
    if (!isDocument(operand)) {
      throw locationError(
        40229,
        `expected an object as specification for $replaceRoot stage, got ${typeNameOf(operand)}`,
      );
    }
    for (const field of Object.keys(operand)) {
      if (field !== 'newRoot')
        throw locationError(40415, `BSON field '$replaceRoot.${field}' is an unknown field.`);
    }
    if (!Object.hasOwn(operand, 'newRoot')) {
      throw locationError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
    }
    return compileReplace(operand['newRoot'], environment);
  },
  $replaceWith: compileReplace,
  $set: compileSet,
  $unset: compileUnset,
};

/** undefined when the stage is not of this kind. */
export function compileDocumentStage(
  name: string,
  operand: unknown,
  environment: ExpressionEnvironment,
): DocumentStage | undefined {
  const compile = Object.hasOwn(documentStages, name) ? documentStages[name] : undefined;
  return compile?.(operand, environment, name);
}

interface Assignment {
  readonly parts: readonly string[];
  readonly expression: Expression;
}

function compileSet(operand: unknown, environment: ExpressionEnvironment, name: string): DocumentStage {
  if (!isDocument(operand)) {
    throw locationError(40272, `${name} specification stage must be an object, got ${typeNameOf(operand)}`);
  }
  const assignments: Assignment[] = [];
  collectAssignments(operand, [], assignments, environment);
  refuseConflicts(assignments);
  return (document) => {
    const values = assignments.map(({ expression }) => expression(document));
    const result = cloneShallow(document);
    assignments.forEach(({ parts }, index) => assignPath(result, parts, values[index]));
    return result;
  };
}

/** A document without operators stands for paths into it. */
function collectAssignments(
  fields: Document,
  prefix: readonly string[],
  assignments: Assignment[],
  environment: ExpressionEnvironment,
): void {
  for (const field of orderedNames(fields)) {
    if (field === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
    if (prefix.length > 0 && field.includes('.')) {
      throw locationError(40183, `cannot use dotted field name '${field}' in a sub object`);
    }
    const parts = [...prefix, ...checkFieldPath(field, field)];
    const value = fields[field];
    const names = isDocument(value) ? Object.keys(value) : [];
    const [first] = names;
    if (isDocument(value) && names.length > 1 && names.some((name) => name.startsWith('$'))) {
      throw locationError(
        40181,
        'an expression specification must contain exactly one field, the name of the expression',
      );
    }
    if (isDocument(value) && first !== undefined && !first.startsWith('$')) {
      collectAssignments(value, parts, assignments, environment);
    } else assignments.push({ parts, expression: compileExpression(value, environment) });
  }
}

function refuseConflicts(assignments: readonly Assignment[]): void {
  const paths = assignments.map(({ parts }) => `${parts.join('.')}.`);
  for (const [index, path] of paths.entries()) {
    const clash = paths.find((other, at) => at !== index && (other === path || other.startsWith(path)));
    if (clash !== undefined) {
      throw locationError(
        40176,
        `specification contains two conflicting paths. Cannot specify both '${path.slice(0, -1)}' and '${clash.slice(0, -1)}'`,
      );
    }
  }
}

function compileUnset(operand: unknown): DocumentStage {
  const paths: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (!Array.isArray(operand) && typeof operand !== 'string') {
    throw locationError(31002, '$unset specification must be a string or an array');
  }
  if (paths.length === 0)
    throw locationError(31119, '$unset specification must be a string or an array with at least one field');
  const fields = paths.map((path): [string, number] => {
    if (typeof path !== 'string') {
      throw locationError(
        31120,
        '$unset specification must be a string or an array containing only string values',
      );
    }
    if (path.includes('\0')) throw locationError(9527900, 'a field path cannot contain a null byte');
    return [path, 0];
  });
  const projection = compileProjection(fields, {}, 'aggregate');
  return (document) => projection.apply(document, undefined);
}

function compileProject(operand: unknown, environment: ExpressionEnvironment): DocumentStage {
  if (!isDocument(operand)) {
    throw locationError(15969, `$project specification must be an object, found ${typeNameOf(operand)}`);
  }
  if (Object.keys(operand).length === 0) {
    throw locationError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  const projection = compileProjection(operand, environment, 'aggregate');
  return (document) => projection.apply(document, undefined);
}

function compileReplace(operand: unknown, environment: ExpressionEnvironment): DocumentStage {
  const expression = compileExpression(operand, environment);
  return (document) => {
    const value = expression(document);
    if (isDocument(value)) return value;
    throw locationError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was: ${value === undefined ? 'MISSING' : shellText(value)}`,
    );
  };
}
