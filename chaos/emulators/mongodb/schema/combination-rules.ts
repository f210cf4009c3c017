/** Keywords that combine schemas: allOf anyOf oneOf not. */
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { annotations, satisfies } from './schema.ts';
import type { Claim, Rule, Schema, SchemaCompiler } from './schema.ts';

export function compileCombinationRules(claim: Claim, compile: SchemaCompiler): Rule[] {
  const rules: Rule[] = [];
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const given = claim([keyword]);
    if (given[keyword] === undefined) continue;
    rules.push(combination(keyword, schemasOf(given, keyword, compile)));
  }
  const { not } = claim(['not']);
  if (not === undefined) return rules;
  if (!isDocument(not)) throw new MongoError('TypeMismatch', "$jsonSchema keyword 'not' must be an object");
  const schema = compile(not, 'not');
  rules.push({
    violation: (value) =>
      satisfies(schema, value) ? { operatorName: 'not', reason: 'child expression matched' } : undefined,
  });
  return rules;
}

function schemasOf(given: Document, keyword: string, compile: SchemaCompiler): Schema[] {
  const list = given[keyword];
  if (!Array.isArray(list))
    throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be an array`);
  if (list.length === 0) {
    throw new MongoError('BadValue', `$jsonSchema keyword '${keyword}' must be a non-empty array`);
  }
  return list.map((item: unknown) => {
    if (isDocument(item)) return compile(item, keyword);
    throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be an array of objects`);
  });
}

function combination(keyword: 'allOf' | 'anyOf' | 'oneOf', schemas: readonly Schema[]): Rule {
  return {
    violation: (value) => {
      const results = schemas.map((schema) => ({ schema, details: schema.violations(value) }));
      const satisfied = results.filter(({ details }) => details.length === 0).length;
      const wanted =
        keyword === 'allOf'
          ? satisfied === schemas.length
          : keyword === 'anyOf'
            ? satisfied > 0
            : satisfied === 1;
      if (wanted) return undefined;
      if (keyword === 'oneOf' && satisfied > 1) {
        return {
          operatorName: 'oneOf',
          reason: 'more than one subschema matched',
          matchingSchemaIndexes: results.flatMap(({ details }, index) =>
            details.length === 0 ? [index] : [],
          ),
        };
      }
      return {
        operatorName: keyword,
        schemasNotSatisfied: results.flatMap(({ schema, details }, index) =>
          details.length === 0 ? [] : [{ index, ...annotations(schema), details }],
        ),
      };
    },
  };
}
