/** Stages that turn one document into one: $addFields $project $replaceRoot $replaceWith $set $unset. */
import { shellText } from '../storage/duplicate-key.ts';
import { locationError, MongoError } from '../errors.ts';
import { cloneContainers, isDocument } from '../query/bson-value.ts';
import { compileProjection } from '../query/projection.ts';
import { readPath, removePath, writePath } from '../query/update/path-writer.ts';
import type { Document } from '../storage/contract.ts';
import { orderedNames } from '../bson/field-order.ts';
import { compileExpression } from './expression.ts';
import type { Expression, ExpressionEnvironment } from './expression.ts';

export type DocumentStage = (document: Document) => Document;

/** undefined when the stage is not of this kind. */
export function compileDocumentStage(
  name: string,
  operand: unknown,
  environment: ExpressionEnvironment,
): DocumentStage | undefined {
  switch (name) {
    case '$addFields':
    case '$set':
      return compileSet(name, operand, environment);
    case '$unset':
      return compileUnset(operand);
    case '$project':
      return compileProject(operand, environment);
    case '$replaceRoot':
      return compileReplace(name, isDocument(operand) ? operand['newRoot'] : undefined, environment);
    case '$replaceWith':
      return compileReplace(name, operand, environment);
    default:
      return undefined;
  }
}

function compileSet(name: string, operand: unknown, environment: ExpressionEnvironment): DocumentStage {
  if (!isDocument(operand)) {
    throw locationError(40272, `${name} specification stage must be an object, got ${typeof operand}`);
  }
  if (Object.keys(operand).length === 0) {
    throw locationError(40177, 'specification must have at least one field');
  }
  const assignments: { parts: string[]; expression: Expression }[] = [];
  const collect = (prefix: readonly string[], value: unknown): void => {
    const first = isDocument(value) ? Object.keys(value)[0] : undefined;
    if (isDocument(value) && first !== undefined && !first.startsWith('$')) {
      for (const field of orderedNames(value)) collect([...prefix, ...field.split('.')], value[field]);
    } else assignments.push({ parts: [...prefix], expression: compileExpression(value, environment) });
  };
  for (const field of orderedNames(operand)) collect(field.split('.'), operand[field]);
  return (document) => {
    const result = cloneContainers(document);
    for (const { parts, expression } of assignments) {
      const value = expression(document);
      if (value === undefined) removePath(result, parts);
      else assign(result, parts, value);
    }
    return result;
  };
}

/** A scalar on the way is replaced by a document, an array gets the field in every element: not as in updates. */
function assign(target: Document, parts: readonly string[], value: unknown): void {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (rest.length === 0) {
    writePath(target, [part], cloneContainers(value));
    return;
  }
  const child = readPath(target, [part]);
  if (Array.isArray(child)) {
    writePath(
      target,
      [part],
      child.map((item: unknown) => {
        const element: Document = isDocument(item) ? item : {};
        assign(element, rest, value);
        return element;
      }),
    );
    return;
  }
  const document: Document = isDocument(child) ? child : {};
  assign(document, rest, value);
  writePath(target, [part], document);
}

function compileUnset(operand: unknown): DocumentStage {
  const paths: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (paths.length === 0 || paths.some((path) => typeof path !== 'string' || path === '')) {
    throw locationError(
      31002,
      '$unset specification must be a string or an array containing only string values',
    );
  }
  const projection = compileProjection(Object.fromEntries(paths.map((path) => [String(path), 0])), {});
  return (document) => projection.apply(document, undefined);
}

function compileProject(operand: unknown, environment: ExpressionEnvironment): DocumentStage {
  if (!isDocument(operand)) throw locationError(15969, '$project specification must be an object');
  if (Object.keys(operand).length === 0) {
    throw locationError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  const hasFindOnly = Object.values(operand).some((value) => isDocument(value) && '$elemMatch' in value);
  if (hasFindOnly) throw new MongoError('InvalidPipelineOperator', "Unrecognized expression '$elemMatch'");
  const named = Object.entries(operand).map(([field, value]): [string, unknown] => [
    field,
    isDocument(value) && '$slice' in value ? { $let: { vars: {}, in: value } } : value,
  ]);
  const projection = compileProjection(Object.fromEntries(named), environment);
  return (document) => projection.apply(document, undefined);
}

function compileReplace(name: string, operand: unknown, environment: ExpressionEnvironment): DocumentStage {
  const expression = compileExpression(operand, environment);
  return (document) => {
    const value = expression(document);
    if (!isDocument(value)) {
      throw locationError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was: ${shellText(value)} (${name})`,
      );
    }
    return value;
  };
}
