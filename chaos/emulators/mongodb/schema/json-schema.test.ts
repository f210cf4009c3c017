/** `$jsonSchema`: what each keyword demands, what it refuses, and how a failure is explained. */
import { Decimal128, Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { failureDetails } from './filter-details.ts';
import { compileSchema } from './json-schema.ts';
import { satisfies } from './schema.ts';

describe('$jsonSchema', () => {
  it.each([
    [{ required: ['a'] }, {}, false],
    [{ required: ['a'] }, { a: null }, true],
    [{ properties: { a: { bsonType: 'int' } } }, { a: 1 }, true],
    [{ properties: { a: { bsonType: 'int' } } }, { a: new Double(1) }, false],
    [{ properties: { a: { bsonType: 'int' } } }, {}, true],
    [{ properties: { a: { type: 'number' } } }, { a: Long.fromNumber(1) }, true],
    [{ properties: { a: { type: 'boolean' } } }, { a: true }, true],
    [{ properties: { a: { bsonType: ['string', 'null'] } } }, { a: null }, true],
    [{ properties: { a: { enum: [1, 'x'] } } }, { a: 'x' }, true],
    [{ properties: { a: { enum: [1, 'x'] } } }, { a: 2 }, false],
    [{ properties: { a: { minimum: 2 } } }, { a: 2 }, true],
    [{ properties: { a: { minimum: 2, exclusiveMinimum: true } } }, { a: 2 }, false],
    [{ properties: { a: { maximum: 2 } } }, { a: 'three' }, true],
    [{ properties: { a: { multipleOf: 0.1 } } }, { a: Decimal128.fromString('0.3') }, false],
    [
      { properties: { a: { multipleOf: Decimal128.fromString('0.1') } } },
      { a: Decimal128.fromString('0.3') },
      true,
    ],
    [{ properties: { a: { minLength: 2, maxLength: 3 } } }, { a: '😀😀' }, true],
    [{ properties: { a: { pattern: '^x' } } }, { a: 'ax' }, false],
    [{ properties: { a: { items: { bsonType: 'int' } } } }, { a: [1, 'x'] }, false],
    [{ properties: { a: { items: [{ bsonType: 'int' }], additionalItems: false } } }, { a: [1, 2] }, false],
    [{ properties: { a: { uniqueItems: true } } }, { a: [1, new Double(1)] }, false],
    [{ properties: { a: { minItems: 1, maxItems: 2 } } }, { a: [] }, false],
    [{ additionalProperties: false, properties: { a: {} } }, { a: 1, b: 2 }, false],
    [{ additionalProperties: { bsonType: 'int' }, properties: { a: {} } }, { a: 'x', b: 2 }, true],
    [{ patternProperties: { '^n': { bsonType: 'int' } } }, { n1: 1, n2: 'x' }, false],
    [{ minProperties: 1, maxProperties: 1 }, { a: 1, b: 1 }, false],
    [{ dependencies: { a: ['b'] } }, { a: 1 }, false],
    [{ dependencies: { a: { required: ['b'] } } }, { a: 1, b: 1 }, true],
    [{ allOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1 }, false],
    [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1 }, true],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, false],
    [{ not: { required: ['a'] } }, { a: 1 }, false],
    [{ properties: { a: { properties: { b: { bsonType: 'string' } } } } }, { a: { b: 1 } }, false],
  ])('%j and %j: %s', (schema, document, expected) => {
    expect(satisfies(compileSchema(schema), document)).toBe(expected);
  });

  it.each([
    ['x', 14],
    [{ required: [] }, 9],
    [{ required: ['a', 'a'] }, 9],
    [{ bsonType: 'int', type: 'number' }, 9],
    [{ bsonType: 'whole' }, 2],
    [{ type: 'integer' }, 9],
    [{ $ref: '#/a' }, 9],
    [{ nonsense: 1 }, 9],
    [{ properties: { a: { exclusiveMinimum: true } } }, 9],
    [{ multipleOf: 0 }, 9],
    [{ minLength: -1 }, 9],
    [{ enum: [] }, 9],
    [{ allOf: [] }, 2],
    [{ title: 7 }, 14],
  ])('refuses %j with %i', (schema, code) => {
    expect(() => compileSchema(schema)).toThrow(expect.objectContaining({ code }));
  });

  it('explains what is not satisfied', () => {
    const schema = {
      title: 'Student',
      required: ['name', 'year'],
      properties: { gpa: { bsonType: ['double'], description: 'must be a double' } },
    };
    expect(failureDetails({ $jsonSchema: schema }, { name: 'Ada', gpa: 3 })).toEqual({
      operatorName: '$jsonSchema',
      title: 'Student',
      schemaRulesNotSatisfied: [
        {
          operatorName: 'properties',
          propertiesNotSatisfied: [
            {
              propertyName: 'gpa',
              description: 'must be a double',
              details: [
                {
                  operatorName: 'bsonType',
                  specifiedAs: { bsonType: ['double'] },
                  reason: 'type did not match',
                  consideredValue: 3,
                  consideredType: 'int',
                },
              ],
            },
          ],
        },
        {
          operatorName: 'required',
          specifiedAs: { required: ['name', 'year'] },
          missingProperties: ['year'],
        },
      ],
    });
  });

  it('explains other filters too', () => {
    expect(failureDetails({ a: { $gt: 5 } }, { a: 3 })).toEqual({
      operatorName: '$gt',
      specifiedAs: { a: { $gt: 5 } },
      reason: 'comparison failed',
      consideredValue: 3,
    });
    expect(failureDetails({ a: 1, b: { $exists: true } }, { a: 1 })).toEqual({
      operatorName: '$and',
      clausesNotSatisfied: [
        {
          index: 1,
          details: {
            operatorName: '$exists',
            specifiedAs: { b: { $exists: true } },
            reason: 'path does not exist',
          },
        },
      ],
    });
    expect(failureDetails({ $or: [{ a: 1 }, { a: 2 }] }, {})).toMatchObject({
      operatorName: '$or',
      clausesNotSatisfied: [{ index: 0, details: { reason: 'field was missing' } }, { index: 1 }],
    });
  });
});
