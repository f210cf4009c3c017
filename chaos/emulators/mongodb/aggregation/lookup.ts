/** $lookup: joins documents of another collection by equality, by a pipeline, or by both. */
import { locationError, MongoError } from '../errors.ts';
import { cloneShallow, isDocument, typeNameOf } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import { isRegularExpression } from '../query/regular-expression.ts';
import { compileFilter } from '../query/matcher.ts';
import { walkPath } from '../query/path.ts';
import type { Document } from '../storage/contract.ts';
import { replacePath } from './assign-path.ts';
import { documentsStage } from './documents.ts';
import { compileExpression } from './expression.ts';
import type { Expression, ExpressionEnvironment } from './expression.ts';
import { checkVariableName } from './expressions/names.ts';
import { checkFieldPath } from './expressions/field-path.ts';
import type { Documents, StageCompiler } from './stage.ts';

const options = ['from', 'as', 'localField', 'foreignField', 'let', 'pipeline'];

export const compileLookup: StageCompiler = (operand, context, compile) => {
  const { from, as, localField, foreignField, pipeline, lets } = parse(operand);
  const variables = compileVariables(lets, context.environment);
  const inner = { ...context, environment: { ...context.environment, variables: variables.values } };
  const source = from === undefined ? documentsStage(pipeline, inner.environment) : undefined;
  if (from === undefined && source === undefined) {
    throw new MongoError('FailedToParse', "must specify 'pipeline' when 'from' is empty");
  }
  const run = compile(source === undefined ? pipeline : pipeline.slice(1), inner, '$lookup');
  const target = checkFieldPath(as, as);
  const local = localField === undefined ? undefined : checkFieldPath(localField, localField);
  if (foreignField !== undefined) checkFieldPath(foreignField, foreignField);
  return function* (documents) {
    for (const document of documents) {
      variables.bind(document);
      const filter =
        local === undefined || foreignField === undefined
          ? {}
          : equalityFilter(document, local, foreignField);
      const read: Documents =
        source === undefined ? context.readCollection(from ?? '', filter) : matching(source(), filter);
      const joined = [...run(read)];
      const result = cloneShallow(document);
      replacePath(result, target, joined);
      yield result;
    }
  };
};

function* matching(documents: Documents, filter: Document): Generator<Document> {
  const matches = compileFilter(filter);
  for (const document of documents) if (matches(document)) yield document;
}

interface Lookup {
  readonly from: string | undefined;
  readonly as: string;
  readonly localField: string | undefined;
  readonly foreignField: string | undefined;
  readonly pipeline: readonly unknown[];
  readonly lets: Document;
}

function parse(operand: unknown): Lookup {
  if (!isDocument(operand)) {
    throw new MongoError(
      'FailedToParse',
      `the $lookup stage specification must be an object, but found ${typeNameOf(operand)}`,
    );
  }
  for (const name of Object.keys(operand)) {
    if (!options.includes(name))
      throw locationError(40415, `BSON field '$lookup.${name}' is an unknown field.`);
  }
  const text = (name: string): string | undefined => {
    const value = operand[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw new MongoError(
      name === 'as' ? 'TypeMismatch' : 'FailedToParse',
      `$lookup argument '${name}' must be a string, but found type: ${typeNameOf(value)}`,
    );
  };
  if (isDocument(operand['from'])) {
    throw new MongoError(
      'FailedToParse',
      '$lookup from another database is not supported by the embedded MongoDB',
    );
  }
  const [from, as, localField, foreignField] = [
    text('from'),
    text('as'),
    text('localField'),
    text('foreignField'),
  ];
  const { pipeline } = operand;
  const lets = operand['let'] ?? {};
  if (pipeline !== undefined && !Array.isArray(pipeline)) {
    throw new MongoError('TypeMismatch', "'pipeline' option must be specified as an array");
  }
  if (!isDocument(lets)) throw new MongoError('TypeMismatch', "$lookup argument 'let' must be an object");
  if (as === undefined) throw locationError(40414, "BSON field '$lookup.as' is missing but a required field");
  if (as === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string');
  if (from === undefined && pipeline === undefined) {
    throw new MongoError('FailedToParse', "must specify 'from' field for a $lookup");
  }
  if ((localField === undefined) !== (foreignField === undefined)) {
    throw new MongoError(
      'FailedToParse',
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
    );
  }
  if (pipeline === undefined && localField === undefined) {
    throw new MongoError(
      'FailedToParse',
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  if (pipeline === undefined && Object.hasOwn(operand, 'let')) {
    throw new MongoError('FailedToParse', "$lookup with a 'let' argument must also specify 'pipeline'");
  }
  return { from, as, localField, foreignField, pipeline: pipeline ?? [], lets };
}

/** The variables of `let`, and those around, which are those of the document outside and change with it. */
function compileVariables(lets: Document, environment: ExpressionEnvironment) {
  const expressions = orderedNames(lets).map((name): [string, Expression] => {
    if (name === '') throw new MongoError('FailedToParse', 'empty variable names are not allowed');
    checkVariableName(name);
    return [name, compileExpression(lets[name], environment)];
  });
  const values: Record<string, unknown> = { ...environment.variables };
  for (const [name] of expressions) values[name] = undefined;
  return {
    values,
    bind: (document: Document): void => {
      Object.assign(values, environment.variables);
      for (const [name, expression] of expressions) values[name] = expression(document);
    },
  };
}

/** A local array stands for its elements; an empty one and a missing field join with missing and null. */
function equalityFilter(document: Document, localField: readonly string[], foreignField: string): Document {
  const values: unknown[] = [];
  walkPath(document, localField, { expandLeaf: false }, (value) => {
    if (Array.isArray(value)) for (const element of value as readonly unknown[]) values.push(element);
    else values.push(value ?? null);
    return false;
  });
  return equalsAny(foreignField, values.length === 0 ? [null] : values);
}

/** A regular expression is a value here, and not a pattern. */
export function equalsAny(field: string, values: readonly unknown[]): Document {
  const patterns = values.filter(isRegularExpression);
  const plain = { [field]: { $in: values.filter((value) => !isRegularExpression(value)) } };
  if (patterns.length === 0) return plain;
  return { $or: [plain, ...patterns.map((pattern) => ({ [field]: { $eq: pattern } }))] };
}
