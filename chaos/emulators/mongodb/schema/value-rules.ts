/** Keywords about a value by itself: its type, its bounds, its text. */
import { compareValues } from '../bson/compare.ts';
import { MongoError } from '../errors.ts';
import { isNumeric, numberOf, typeNameOf, typeNumbers } from '../query/bson-value.ts';
import { isMultipleOf } from './multiples.ts';
import type { Document } from '../storage/contract.ts';
import { compileRegularExpression } from '../query/regular-expression.ts';
import type { Claim, Rule } from './schema.ts';
import { reportedValue } from './reported-value.ts';

export function compileValueRules(claim: Claim): Rule[] {
  return [
    ...typeRules(claim(['bsonType', 'type'])),
    ...enumRules(claim(['enum'])),
    ...numberRules(claim(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'])),
    ...textRules(claim(['minLength', 'maxLength', 'pattern'])),
  ];
}

const jsonTypes = new Set(['array', 'boolean', 'null', 'number', 'object', 'string']);

function typeRules(given: Document): Rule[] {
  const [keyword] = Object.keys(given);
  if (keyword === undefined) return [];
  const value = given[keyword];
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.length === 0) {
    throw new MongoError('FailedToParse', `$jsonSchema keyword '${keyword}' must name at least one type`);
  }
  if (new Set(names).size !== names.length) {
    throw new MongoError('FailedToParse', `$jsonSchema keyword '${keyword}' has duplicate value`);
  }
  const wanted = new Set<string>();
  for (const name of names) {
    if (typeof name !== 'string') {
      throw new MongoError(
        'TypeMismatch',
        `$jsonSchema keyword '${keyword}' must be either a string or an array of strings`,
      );
    }
    if (keyword === 'type' && name === 'integer') {
      throw new MongoError('FailedToParse', `$jsonSchema type 'integer' is not currently supported.`);
    }
    const isKnown =
      keyword === 'type' ? jsonTypes.has(name) : name === 'number' || Object.hasOwn(typeNumbers, name);
    if (!isKnown) throw new MongoError('BadValue', `Unknown type name alias: ${name}`);
    if (name === 'number') for (const type of ['int', 'long', 'double', 'decimal']) wanted.add(type);
    else wanted.add(name === 'boolean' ? 'bool' : name);
  }
  return [
    {
      violation: (item) =>
        item === undefined || wanted.has(typeNameOf(item))
          ? undefined
          : {
              operatorName: keyword,
              specifiedAs: given,
              reason: 'type did not match',
              ...reportedValue(item),
            },
    },
  ];
}

function enumRules(given: Document): Rule[] {
  const values = given['enum'];
  if (values === undefined) return [];
  if (!Array.isArray(values))
    throw new MongoError('TypeMismatch', "$jsonSchema keyword 'enum' must be an array");
  if (values.length === 0) {
    throw new MongoError('FailedToParse', "$jsonSchema keyword 'enum' cannot be an empty array");
  }
  const choices: readonly unknown[] = values;
  if (
    choices.some((value, index) => choices.slice(0, index).some((other) => compareValues(value, other) === 0))
  ) {
    throw new MongoError(
      'FailedToParse',
      "$jsonSchema keyword 'enum' array cannot contain duplicate values.",
    );
  }
  return [
    {
      violation: (item) =>
        item === undefined || choices.some((choice) => compareValues(choice, item) === 0)
          ? undefined
          : {
              operatorName: 'enum',
              specifiedAs: given,
              reason: 'value was not found in enum',
              ...reportedValue(item),
            },
    },
  ];
}

function numberRules(given: Document): Rule[] {
  const rules: Rule[] = [];
  for (const [keyword, exclusive, sign] of [
    ['minimum', 'exclusiveMinimum', 1],
    ['maximum', 'exclusiveMaximum', -1],
  ] as const) {
    const bound = given[keyword];
    const isExclusive = given[exclusive];
    if (isExclusive !== undefined && typeof isExclusive !== 'boolean') {
      throw new MongoError('TypeMismatch', `$jsonSchema keyword '${exclusive}' must be a boolean`);
    }
    if (bound === undefined) {
      if (isExclusive === undefined) continue;
      throw new MongoError(
        'FailedToParse',
        `$jsonSchema keyword '${keyword}' must be a present if ${exclusive} is present`,
      );
    }
    if (!isNumeric(bound))
      throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be a number`);
    const specifiedAs = {
      [keyword]: bound,
      ...(isExclusive === undefined ? {} : { [exclusive]: isExclusive }),
    };
    rules.push({
      violation: (item) => {
        if (!isNumeric(item)) return undefined;
        const order = compareValues(item, bound) * sign;
        const isNaN = Number.isNaN(numberOf(item)) !== Number.isNaN(numberOf(bound));
        if (!isNaN && (order > 0 || (order === 0 && isExclusive !== true))) return undefined;
        return { operatorName: keyword, specifiedAs, reason: 'comparison failed', ...valueOnly(item) };
      },
    });
  }
  const divisor = given['multipleOf'];
  if (divisor === undefined) return rules;
  if (!isNumeric(divisor))
    throw new MongoError('TypeMismatch', "$jsonSchema keyword 'multipleOf' must be a number");
  if (!((numberOf(divisor) ?? 0) > 0)) {
    throw new MongoError('FailedToParse', "$jsonSchema keyword 'multipleOf' must have a positive value");
  }
  rules.push({
    violation: (item) =>
      !isNumeric(item) || isMultipleOf(item, divisor)
        ? undefined
        : {
            operatorName: 'multipleOf',
            specifiedAs: { multipleOf: divisor },
            reason: 'considered value is not a multiple of the specified value',
            ...valueOnly(item),
          },
  });
  return rules;
}

function textRules(given: Document): Rule[] {
  const rules: Rule[] = [];
  for (const keyword of ['minLength', 'maxLength'] as const) {
    const limit = countOf(given, keyword);
    if (limit === undefined) continue;
    rules.push({
      violation: (item) => {
        if (typeof item !== 'string') return undefined;
        const length = [...item].length;
        if (keyword === 'minLength' ? length >= limit : length <= limit) return undefined;
        const reason = 'specified string length was not satisfied';
        return {
          operatorName: keyword,
          specifiedAs: { [keyword]: given[keyword] },
          reason,
          ...valueOnly(item),
        };
      },
    });
  }
  const pattern = given['pattern'];
  if (pattern === undefined) return rules;
  if (typeof pattern !== 'string') {
    throw new MongoError('TypeMismatch', "$jsonSchema keyword 'pattern' must be a string");
  }
  const expression = compileRegularExpression(pattern, undefined);
  rules.push({
    violation: (item) =>
      typeof item !== 'string' || expression.test(item)
        ? undefined
        : {
            operatorName: 'pattern',
            specifiedAs: { pattern },
            reason: 'regular expression did not match',
            ...valueOnly(item),
          },
  });
  return rules;
}

/** A whole number that is not negative. @throws MongoError TypeMismatch, FailedToParse. */
export function countOf(given: Document, keyword: string): number | undefined {
  const value = given[keyword];
  if (value === undefined) return undefined;
  const number = numberOf(value);
  if (number === undefined) {
    throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be a number`);
  }
  if (!Number.isInteger(number) || number < 0) {
    throw new MongoError(
      'FailedToParse',
      `$jsonSchema keyword '${keyword}' must be a non-negative integer representable as a long`,
    );
  }
  return number;
}

function valueOnly(value: unknown): Document {
  return { consideredValue: value };
}
