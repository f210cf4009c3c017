/** Why a document does not match the filter of a validator, in the form of `errInfo.details`. */
import { fieldOf, isDocument, typeNameOf } from '../query/bson-value.ts';
import { isOperatorDocument } from '../query/field-operators.ts';
import { compileFilter } from '../query/matcher.ts';
import { isRegularExpression } from '../query/regular-expression.ts';
import { readPath } from '../query/update/path-writer.ts';
import type { Document } from '../storage/contract.ts';
import { compileSchema } from './json-schema.ts';
import { annotations } from './schema.ts';

interface Clause {
  readonly filter: Document;
  details(document: Document): Document;
}

/** The document does not match the filter. */
export function failureDetails(filter: Document, document: Document): Document {
  const clauses = Object.entries(filter).flatMap(([name, value]) => clausesOf(name, value));
  const [only] = clauses;
  if (only !== undefined && clauses.length === 1) return only.details(document);
  return { operatorName: '$and', clausesNotSatisfied: failing(clauses, document) };
}

function failing(clauses: readonly Clause[], document: Document): Document[] {
  return clauses.flatMap((clause, index) =>
    compileFilter(clause.filter)(document) ? [] : [{ index, details: clause.details(document) }],
  );
}

function clausesOf(name: string, value: unknown): Clause[] {
  if (name === '$comment') return [];
  const filter = { [name]: value };
  if (name === '$jsonSchema') {
    const schema = compileSchema(value);
    const details = (document: Document): Document => ({
      operatorName: '$jsonSchema',
      ...annotations(schema),
      schemaRulesNotSatisfied: schema.violations(document),
    });
    return [{ filter, details }];
  }
  if (name === '$expr') {
    const details = (): Document => ({
      operatorName: '$expr',
      specifiedAs: filter,
      reason: 'expression did not match',
      expressionResult: false,
    });
    return [{ filter, details }];
  }
  if (Array.isArray(value) && (name === '$and' || name === '$or' || name === '$nor')) {
    return [{ filter, details: (document) => logicalDetails(name, value.filter(isDocument), document) }];
  }
  if (!isOperatorDocument(value))
    return [{ filter, details: (document) => leafDetails(name, '$eq', value, filter, document) }];
  const { $options: options, ...operators } = value;
  return Object.entries(operators).map(([operator, operand]) => {
    const condition =
      options !== undefined && operator === '$regex'
        ? { $regex: operand, $options: options }
        : { [operator]: operand };
    const single = { [name]: condition };
    return { filter: single, details: (document) => leafDetails(name, operator, operand, single, document) };
  });
}

function logicalDetails(
  name: '$and' | '$or' | '$nor',
  filters: readonly Document[],
  document: Document,
): Document {
  if (name === '$nor') {
    const clausesSatisfied = filters.flatMap((filter, index) =>
      compileFilter(filter)(document)
        ? [{ index, details: { operatorName: '$and', specifiedAs: filter, reason: 'expression matched' } }]
        : [],
    );
    return { operatorName: name, clausesSatisfied };
  }
  const clausesNotSatisfied = filters.flatMap((filter, index) =>
    compileFilter(filter)(document) ? [] : [{ index, details: failureDetails(filter, document) }],
  );
  return { operatorName: name, clausesNotSatisfied };
}

const reasons: Readonly<Record<string, string>> = {
  $all: 'array did not contain all specified values',
  $elemMatch: 'array did not satisfy the child predicate',
  $eq: 'comparison failed',
  $exists: 'path does not exist',
  $geoIntersects: 'geometry did not intersect',
  $geoWithin: 'geometry is not within the specified region',
  $gt: 'comparison failed',
  $gte: 'comparison failed',
  $in: 'no matching value found in array',
  $lt: 'comparison failed',
  $lte: 'comparison failed',
  $mod: '$mod did not evaluate to expected remainder',
  $ne: 'comparison failed',
  $nin: 'matching value found in array',
  $not: 'child expression matched',
  $regex: 'regular expression did not match',
  $size: 'array length was not equal to given size',
  $type: 'type did not match',
};

function leafDetails(
  path: string,
  operator: string,
  operand: unknown,
  specifiedAs: Document,
  document: Document,
): Document {
  const operatorName = operator === '$eq' && isRegularExpression(operand) ? '$regex' : operator;
  const value = path.includes('.') ? readPath(document, path.split('.')) : fieldOf(document, path);
  if (operator === '$exists') {
    return {
      operatorName,
      specifiedAs,
      reason: operand === false ? 'path does exist' : 'path does not exist',
    };
  }
  const isMissing = value === undefined;
  const reason =
    isMissing && !negative.has(operator)
      ? 'field was missing'
      : (reasons[operatorName] ?? 'bitwise operator failed to match');
  return {
    operatorName,
    specifiedAs,
    reason,
    ...(isMissing ? {} : { consideredValue: value }),
    ...(operator === '$type' && !isMissing ? { consideredType: typeNameOf(value) } : {}),
  };
}

const negative = new Set(['$ne', '$nin', '$not']);
