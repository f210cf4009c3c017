/**
 * Compiles a filter to a predicate over decoded documents. Comparison is BSON's (bson/compare.ts) with MongoDB's type
 * bracketing, so null, missing, arrays, NaN and the number types behave as in MongoDB and not as in JavaScript.
 */
import { MongoError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { isDocument } from './bson-value.ts';
import { compileFieldOperators, equalityTest, isOperatorDocument } from './field-operators.ts';
import type { ExpressionEnvironment } from '../aggregation/expression.ts';
import { compileExpression } from '../aggregation/expression.ts';
import { isTruthy } from './bson-value.ts';
import { numberTypeOf, toDouble } from '../numbers/number-type.ts';
import { setMetadata } from '../aggregation/document-metadata.ts';
import { compileSchema } from '../schema/json-schema.ts';
import { satisfies } from '../schema/schema.ts';
import { compileTextQuery } from '../text/text-query.ts';
import { walkPath } from './path.ts';
import type { Predicate } from './predicate.ts';

export function compileFilter(filter: Document, environment: ExpressionEnvironment = {}): Predicate {
  const tests = Object.entries(filter).map(([name, value]) => compileClause(name, value, environment));
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (document, details) => tests.every((test) => test(document, details));
}

function compileClause(name: string, value: unknown, environment: ExpressionEnvironment): Predicate {
  if (!name.startsWith('$') || isReferenceField(name)) return compileField(name, value, environment);
  switch (name) {
    case '$and': {
      const tests = compileList(name, value, environment);
      return (document, details) => tests.every((test) => test(document, details));
    }
    case '$or': {
      const tests = compileList(name, value, environment);
      return (document, details) => tests.some((test) => test(document, details));
    }
    case '$nor': {
      const tests = compileList(name, value, environment);
      return (document) => !tests.some((test) => test(document));
    }
    case '$expr': {
      const expression = compileExpression(value, environment);
      return (document) => isTruthy(expression(document));
    }
    case '$sampleRate': {
      const { random } = environment;
      const rate = numberTypeOf(value) === undefined ? Number.NaN : toDouble(value);
      if (!(rate >= 0 && rate <= 1))
        throw new MongoError('BadValue', '$sampleRate must be a number between 0 and 1');
      if (random === undefined) throw new MongoError('BadValue', '$sampleRate is not allowed here');
      return () => random.next() < rate;
    }
    case '$comment':
      return () => true;
    case '$alwaysTrue':
      return () => true;
    case '$alwaysFalse':
      return () => false;
    case '$jsonSchema': {
      const schema = compileSchema(value);
      return (document) => satisfies(schema, document);
    }
    case '$text':
      return compileText(value, environment);
    case '$where':
      throw new MongoError('BadValue', `${name} is not supported by the embedded MongoDB`);
    default:
      throw new MongoError(
        'BadValue',
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

/** The fields of a DBRef are fields, though their names look like operators. */
function isReferenceField(name: string): boolean {
  return name === '$ref' || name === '$id' || name === '$db';
}

/** @throws MongoError IndexNotFound where no text index of the collection is known. */
function compileText(operand: unknown, { textIndex }: ExpressionEnvironment): Predicate {
  if (textIndex === undefined) throw new MongoError('IndexNotFound', 'text index required for $text query');
  const query = compileTextQuery(operand, textIndex);
  return (document) => {
    if (!isDocument(document) || !query.matches(document)) return false;
    setMetadata(document, { textScore: query.score(document) });
    return true;
  };
}

function compileList(name: string, value: unknown, environment: ExpressionEnvironment): Predicate[] {
  if (!Array.isArray(value)) throw new MongoError('BadValue', `${name} must be an array`);
  if (value.length === 0) throw new MongoError('BadValue', `${name} argument must be a non-empty array`);
  return value.map((clause: unknown) => {
    if (!isDocument(clause)) throw new MongoError('BadValue', `${name} argument's entries must be objects`);
    return compileFilter(clause, environment);
  });
}

function compileField(path: string, value: unknown, environment: ExpressionEnvironment): Predicate {
  const parts = path.split('.');
  if (isOperatorDocument(value)) return compileFieldOperators(parts, value, environment, compileFilter);
  const test = equalityTest(value, environment.collation?.compareText);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return topLevelEquality(only, parts, test);
  return (document, details) =>
    walkPath(document, parts, { expandLeaf: true }, (found, arrayIndex) => {
      if (!test(found)) return false;
      if (details !== undefined && arrayIndex !== undefined) details.arrayIndex = arrayIndex;
      return true;
    });
}

/** The commonest filter by far, `{field: value}`, without a walk when the field holds no array. */
function topLevelEquality(
  name: string,
  parts: readonly string[],
  test: (value: unknown) => boolean,
): Predicate {
  return (document, details) => {
    if (isDocument(document)) {
      const value = Object.hasOwn(document, name) ? document[name] : undefined;
      if (!Array.isArray(value)) return test(value);
    }
    return walkPath(document, parts, { expandLeaf: true }, (found, arrayIndex) => {
      if (!test(found)) return false;
      if (details !== undefined && arrayIndex !== undefined) details.arrayIndex = arrayIndex;
      return true;
    });
  };
}
