/** Keywords about arrays: how many elements, which, and whether they differ. */
import { compareValues } from '../bson/compare.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { satisfies } from './schema.ts';
import type { Claim, Rule, SchemaCompiler } from './schema.ts';
import { countOf } from './value-rules.ts';

export function compileArrayRules(claim: Claim, compile: SchemaCompiler): Rule[] {
  return [
    ...countRules(claim(['minItems', 'maxItems'])),
    ...uniqueRules(claim(['uniqueItems'])),
    ...itemRules(claim(['items', 'additionalItems']), compile),
  ];
}

/** A rule of arrays only. */
function ofArrays(violation: (items: readonly unknown[]) => Document | undefined): Rule {
  return { violation: (value) => (Array.isArray(value) ? violation(value) : undefined) };
}

function countRules(given: Document): Rule[] {
  return (['minItems', 'maxItems'] as const).flatMap((keyword) => {
    const limit = countOf(given, keyword);
    if (limit === undefined) return [];
    return [
      ofArrays((items) => {
        if (keyword === 'minItems' ? items.length >= limit : items.length <= limit) return undefined;
        return {
          operatorName: keyword,
          specifiedAs: { [keyword]: given[keyword] },
          reason: 'array did not match specified length',
          consideredValue: items,
        };
      }),
    ];
  });
}

function uniqueRules(given: Document): Rule[] {
  const unique = given['uniqueItems'];
  if (unique === undefined) return [];
  if (typeof unique !== 'boolean') {
    throw new MongoError('TypeMismatch', "$jsonSchema keyword 'uniqueItems' must be a boolean");
  }
  if (!unique) return [];
  return [
    ofArrays((items) => {
      const duplicate = items.find((item, index) =>
        items.slice(0, index).some((other) => compareValues(item, other) === 0),
      );
      return duplicate === undefined
        ? undefined
        : {
            operatorName: 'uniqueItems',
            specifiedAs: given,
            reason: 'found a duplicate item',
            consideredValue: items,
            duplicatedValue: duplicate,
          };
    }),
  ];
}

function itemRules({ items, additionalItems }: Document, compile: SchemaCompiler): Rule[] {
  if (additionalItems !== undefined && typeof additionalItems !== 'boolean' && !isDocument(additionalItems)) {
    throw new MongoError(
      'TypeMismatch',
      "$jsonSchema keyword 'additionalItems' must be either an object or a boolean",
    );
  }
  if (items === undefined) return [];
  if (isDocument(items)) {
    const schema = compile(items, 'items');
    return [
      ofArrays((values) => {
        const itemIndex = values.findIndex((value) => !satisfies(schema, value));
        return itemIndex === -1
          ? undefined
          : {
              operatorName: 'items',
              reason: 'At least one item did not match the sub-schema',
              itemIndex,
              details: schema.violations(values[itemIndex]),
            };
      }),
    ];
  }
  if (!Array.isArray(items)) {
    throw new MongoError('TypeMismatch', "$jsonSchema keyword 'items' must be an array or an object");
  }
  const schemas = items.map((item: unknown) => compile(item, 'items'));
  const rules = [
    ofArrays((values) => {
      const itemIndex = schemas.findIndex(
        (schema, index) => index < values.length && !satisfies(schema, values[index]),
      );
      const details = schemas[itemIndex]?.violations(values[itemIndex]);
      return details === undefined ? undefined : { operatorName: 'items', itemIndex, details };
    }),
  ];
  if (additionalItems === undefined || additionalItems === true) return rules;
  const rest = additionalItems === false ? undefined : compile(additionalItems, 'additionalItems');
  rules.push(
    ofArrays((values) => {
      const extra = values.slice(schemas.length);
      if (rest === undefined) {
        return extra.length === 0
          ? undefined
          : {
              operatorName: 'additionalItems',
              specifiedAs: { additionalItems },
              reason: 'found additional items',
              additionalItems: extra,
            };
      }
      const index = extra.findIndex((value) => !satisfies(rest, value));
      return index === -1
        ? undefined
        : {
            operatorName: 'additionalItems',
            reason: 'At least one additional item did not match the sub-schema',
            itemIndex: schemas.length + index,
            details: rest.violations(extra[index]),
          };
    }),
  );
  return rules;
}
