/** Operators on one field of a filter: `{field: {$gt: 1, $lt: 5}}`. Each becomes a predicate; all must hold. */
import { shellText } from '../storage/duplicate-key.ts';
import { MongoError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import type { TextOrder } from '../bson/compare.ts';
import { geoIntersectsTest, geoWithinTest } from '../geo/area.ts';
import { locate, parseNear } from '../geo/near.ts';
import type { ExpressionEnvironment } from '../aggregation/expression.ts';
import { bitsTest } from './bits.ts';
import { numberTypeOf } from '../numbers/number-type.ts';
import { exactInt, truncatedToLong } from '../numbers/rounding.ts';
import { isDocument, isTruthy, numberOf, typeNameOf, typeNumbers } from './bson-value.ts';
import { orderTest, valuesEqual } from './comparison.ts';
import type { ValueTest } from './comparison.ts';
import type { MatchDetails, Predicate } from './predicate.ts';
import { walkPath } from './path.ts';
import { compileRegularExpression, isRegularExpression } from './regular-expression.ts';

type FilterCompiler = (filter: Document, environment: ExpressionEnvironment) => Predicate;

interface Compilation {
  readonly parts: readonly string[];
  readonly environment: ExpressionEnvironment;
  readonly compileFilter: FilterCompiler;
}

/** Whether a value given for a field is operators and not a document to be equal to. `{$ref, $id}` is a DBRef. */
export function isOperatorDocument(value: unknown): value is Document {
  if (!isDocument(value)) return false;
  const first = Object.keys(value)[0];
  return (
    first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db'
  );
}

/** Whether operators are on a document as a whole, and not on the value of a field. */
export function isLogicalDocument(operators: Document): boolean {
  const first = Object.keys(operators)[0];
  return first !== undefined && ['$and', '$or', '$nor', '$expr', '$where', '$comment'].includes(first);
}

export function compileFieldOperators(
  parts: readonly string[],
  operators: Document,
  environment: ExpressionEnvironment,
  compileFilter: FilterCompiler,
): Predicate {
  const compilation = { parts, environment, compileFilter };
  const predicates: Predicate[] = [];
  for (const [name, operand] of Object.entries(operators)) {
    if (name === '$options') {
      if (operators['$regex'] === undefined) throw new MongoError('BadValue', '$options needs a $regex');
      continue;
    }
    if (name === '$near' || name === '$nearSphere') {
      predicates.push(compileNear(name, operators, parts));
      continue;
    }
    if (nearOptions.has(name) && ('$near' in operators || '$nearSphere' in operators)) continue;
    const options = name === '$regex' ? operators['$options'] : undefined;
    predicates.push(compileOperator(name, operand, options, compilation));
  }
  const [only] = predicates;
  if (only !== undefined && predicates.length === 1) return only;
  return (document, details) => predicates.every((predicate) => predicate(document, details));
}

const nearOptions = new Set(['$maxDistance', '$minDistance', '$uniqueDocs']);

/** The order by distance is made where documents are found. */
function compileNear(
  name: '$near' | '$nearSphere',
  operators: Document,
  parts: readonly string[],
): Predicate {
  const near = parseNear(name, operators);
  const path = parts.join('.');
  return (document) => locate(document, path, near) !== undefined;
}

/** Equality with a literal: a regular expression matches strings, null matches missing fields. */
export function equalityTest(operand: unknown, textOrder?: TextOrder): ValueTest {
  if (isRegularExpression(operand)) {
    const expression = compileRegularExpression(operand, undefined);
    return (value) => expression.test(value);
  }
  if (operand === null || operand === undefined) return (value) => value === null || value === undefined;
  if (typeof operand === 'string') {
    return (value) => value === operand || valuesEqual(value, operand, textOrder);
  }
  return (value) => valuesEqual(value, operand, textOrder);
}

function compileOperator(
  name: string,
  operand: unknown,
  options: unknown,
  compilation: Compilation,
): Predicate {
  const textOrder = compilation.environment.collation?.compareText;
  switch (name) {
    case '$eq':
      return onElements(exactTest(name, operand, textOrder), compilation);
    case '$ne':
      return negate(onElements(exactTest(name, operand, textOrder), compilation));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (isRegularExpression(operand))
        throw new MongoError('BadValue', `Can't have RegEx as arg to ${name}.`);
      return onElements(orderTest(name, operand, textOrder), compilation);
    case '$in':
      return onElements(listTest(name, operand, textOrder), compilation);
    case '$nin':
      return negate(onElements(listTest(name, operand, textOrder), compilation));
    case '$not':
      return negate(compileNot(operand, compilation));
    case '$exists': {
      const wanted = isTruthy(operand);
      const exists = onWhole((value) => value !== undefined, compilation);
      return wanted ? exists : negate(exists);
    }
    case '$type':
      return onElements(typeTest(operand), compilation);
    case '$mod':
      return onElements(modTest(operand), compilation);
    case '$regex': {
      const expression = compileRegularExpression(operand, options);
      return onElements((value) => expression.test(value), compilation);
    }
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return onElements(bitsTest(name, operand), compilation);
    case '$size':
      return compileSize(operand, compilation);
    case '$all':
      return compileAll(operand, compilation);
    case '$elemMatch':
      return compileElemMatch(operand, compilation);
    case '$geoWithin':
    case '$within':
      return onElements(geoWithinTest(operand), compilation);
    case '$geoIntersects':
      return onElements(geoIntersectsTest(operand), compilation);
    default:
      throw new MongoError('BadValue', `unknown operator: ${name}`);
  }
}

/** `$eq` and `$ne` take a regular expression for the value it is, unlike `{field: /x/}`. */
function exactTest(name: string, operand: unknown, textOrder: TextOrder | undefined): ValueTest {
  if (!isRegularExpression(operand)) return equalityTest(operand, textOrder);
  if (name === '$ne') throw new MongoError('BadValue', "Can't have regex as arg to $ne.");
  return (value) => valuesEqual(value, operand);
}

function onElements(test: ValueTest, { parts }: Compilation): Predicate {
  return (document, details) =>
    walkPath(document, parts, { expandLeaf: true }, (value, arrayIndex) =>
      remember(test(value), details, arrayIndex),
    );
}

function onWhole(test: ValueTest, { parts }: Compilation): Predicate {
  return (document, details) =>
    walkPath(document, parts, { expandLeaf: false }, (value, arrayIndex) =>
      remember(test(value), details, arrayIndex),
    );
}

function remember(
  matched: boolean,
  details: MatchDetails | undefined,
  arrayIndex: number | undefined,
): boolean {
  if (matched && details !== undefined && arrayIndex !== undefined) details.arrayIndex = arrayIndex;
  return matched;
}

function negate(predicate: Predicate): Predicate {
  return (document) => !predicate(document);
}

function listTest(name: string, operand: unknown, textOrder: TextOrder | undefined): ValueTest {
  if (!Array.isArray(operand)) throw new MongoError('BadValue', `${name} needs an array`);
  const strings = new Set<string>();
  const tests: ValueTest[] = [];
  for (const item of operand as readonly unknown[]) {
    if (isOperatorDocument(item)) throw new MongoError('BadValue', `cannot nest $ under ${name}`);
    if (typeof item === 'string' && textOrder === undefined) strings.add(item);
    else tests.push(equalityTest(item, textOrder));
  }
  return (value) => (typeof value === 'string' && strings.has(value)) || tests.some((test) => test(value));
}

function compileNot(operand: unknown, { parts, environment, compileFilter }: Compilation): Predicate {
  if (isRegularExpression(operand)) {
    return onElements(equalityTest(operand), { parts, environment, compileFilter });
  }
  if (!isDocument(operand)) throw new MongoError('BadValue', '$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw new MongoError('BadValue', '$not cannot be empty');
  if (!isOperatorDocument(operand)) {
    throw new MongoError('BadValue', `unknown operator: ${Object.keys(operand)[0]}`);
  }
  return compileFieldOperators(parts, operand, environment, compileFilter);
}

function typeTest(operand: unknown): ValueTest {
  const wanted = new Set<string>();
  for (const item of Array.isArray(operand) ? (operand as readonly unknown[]) : [operand]) {
    if (item === 'number') for (const name of ['int', 'long', 'double', 'decimal']) wanted.add(name);
    else if (typeof item === 'string') {
      if (!Object.hasOwn(typeNumbers, item))
        throw new MongoError('BadValue', `Unknown type name alias: ${item}`);
      wanted.add(item);
    } else {
      const number = numberOf(item);
      if (number === undefined) {
        throw new MongoError(
          'TypeMismatch',
          `type must be represented as a number or a string, not ${typeNameOf(item)}`,
        );
      }
      const found = Object.entries(typeNumbers).find(([, value]) => value === number);
      if (found === undefined)
        throw new MongoError('BadValue', `Invalid numerical type code: ${shellText(item)}`);
      wanted.add(found[0]);
    }
  }
  if (wanted.size === 0) throw new MongoError('FailedToParse', '$type must match at least one type');
  return (value) => wanted.has(typeNameOf(value));
}

function modTest(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new MongoError('BadValue', 'malformed mod, needs to be an array');
  if (operand.length < 2) throw new MongoError('BadValue', 'malformed mod, not enough elements');
  if (operand.length > 2) throw new MongoError('BadValue', 'malformed mod, too many elements');
  const divisor = modArgument(operand[0], 'divisor');
  const remainder = modArgument(operand[1], 'remainder');
  if (divisor === 0n) throw new MongoError('BadValue', 'divisor cannot be 0');
  return (value) => {
    const whole = truncatedToLong(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

/** Fractions are cut off. */
function modArgument(value: unknown, name: string): bigint {
  if (numberTypeOf(value) === undefined)
    throw new MongoError('BadValue', `malformed mod, ${name} not a number`);
  const whole = truncatedToLong(value);
  if (whole === undefined)
    throw new MongoError('BadValue', `malformed mod, ${name} is out of the range of 64 bits`);
  return whole;
}

function compileSize(operand: unknown, compilation: Compilation): Predicate {
  const size = numberOf(operand);
  if (size === undefined) throw new MongoError('BadValue', 'Failed to parse $size. Expected a number');
  if (exactInt(operand) === undefined) {
    throw new MongoError('BadValue', 'Failed to parse $size. Expected an integer of 32 bits');
  }
  if (size < 0) throw new MongoError('BadValue', 'Failed to parse $size. Expected a non-negative number');
  return onWhole((value) => Array.isArray(value) && value.length === size, compilation);
}

function compileAll(operand: unknown, compilation: Compilation): Predicate {
  if (!Array.isArray(operand)) throw new MongoError('BadValue', '$all needs an array');
  const items: readonly unknown[] = operand;
  const isElemMatch = (item: unknown): boolean => isDocument(item) && Object.keys(item)[0] === '$elemMatch';
  if (items.some(isElemMatch) && !items.every(isElemMatch)) {
    throw new MongoError('BadValue', '$all/$elemMatch has to be consistent');
  }
  const predicates = items.map((item) => {
    if (isDocument(item) && isElemMatch(item)) {
      return compileElemMatch(item['$elemMatch'], compilation);
    }
    if (isOperatorDocument(item)) throw new MongoError('BadValue', 'no $ expressions in $all');
    return onElements(equalityTest(item, compilation.environment.collation?.compareText), compilation);
  });
  if (predicates.length === 0) return () => false;
  return (document, details) => predicates.every((predicate) => predicate(document, details));
}

function compileElemMatch(operand: unknown, { parts, environment, compileFilter }: Compilation): Predicate {
  if (!isDocument(operand)) throw new MongoError('BadValue', '$elemMatch needs an Object');
  if (Object.hasOwn(operand, '$expr')) {
    throw new MongoError('BadValue', '$expr can only be applied to the top-level document');
  }
  const onValues = isOperatorDocument(operand) && !isLogicalDocument(operand);
  const element = onValues
    ? compileFieldOperators([], operand, environment, compileFilter)
    : compileFilter(operand, environment);
  return (document, details) =>
    walkPath(document, parts, { expandLeaf: false }, (value, arrayIndex) => {
      if (!Array.isArray(value)) return false;
      const index = value.findIndex(
        (item: unknown) => (onValues || isDocument(item) || Array.isArray(item)) && element(item),
      );
      return remember(index !== -1, details, arrayIndex ?? index);
    });
}
