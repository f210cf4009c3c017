/** Keywords about documents: their fields, by name and by pattern, and what depends on what. */
import { MongoError } from '../errors.ts';
import { fieldOf, isDocument } from '../query/bson-value.ts';
import { compileRegularExpression } from '../query/regular-expression.ts';
import type { Document } from '../storage/contract.ts';
import { annotations, satisfies } from './schema.ts';
import type { Claim, Rule, Schema, SchemaCompiler } from './schema.ts';
import { countOf } from './value-rules.ts';

interface FieldSchemas {
  readonly byName: ReadonlyMap<string, Schema>;
  readonly byPattern: readonly {
    readonly pattern: string;
    readonly schema: Schema;
    test(name: string): boolean;
  }[];
}

export function compileObjectRules(claim: Claim, compile: SchemaCompiler): Rule[] {
  const given = claim(['properties', 'patternProperties', 'additionalProperties']);
  const schemas = fieldSchemas(given, compile);
  return [
    ...countRules(claim(['minProperties', 'maxProperties'])),
    ...propertyRules(given, schemas),
    ...patternRules(given, schemas),
    ...additionalRules(given, schemas, compile),
    ...requiredRules(claim(['required'])),
    ...dependencyRules(claim(['dependencies']), compile),
  ];
}

function fieldSchemas(given: Document, compile: SchemaCompiler): FieldSchemas {
  const properties = documentOf(given, 'properties');
  const patterns = documentOf(given, 'patternProperties');
  return {
    byName: new Map(
      Object.entries(properties).map(([name, schema]) => [
        name,
        compile(schema, `Nested schema for $jsonSchema property '${name}'`),
      ]),
    ),
    byPattern: Object.entries(patterns).map(([pattern, schema]) => {
      const expression = compileRegularExpression(pattern, undefined);
      return {
        pattern,
        schema: compile(schema, `$jsonSchema keyword 'patternProperties' schema of '${pattern}'`),
        test: (name: string) => expression.test(name),
      };
    }),
  };
}

function documentOf(given: Document, keyword: string): Document {
  const value = given[keyword];
  if (value === undefined) return {};
  if (isDocument(value)) return value;
  throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be an object`);
}

function countRules(given: Document): Rule[] {
  return (['minProperties', 'maxProperties'] as const).flatMap((keyword): Rule[] => {
    const limit = countOf(given, keyword);
    if (limit === undefined) return [];
    return [
      {
        violation: (value) => {
          if (!isDocument(value)) return undefined;
          const count = Object.keys(value).length;
          if (keyword === 'minProperties' ? count >= limit : count <= limit) return undefined;
          return {
            operatorName: keyword,
            specifiedAs: { [keyword]: given[keyword] },
            reason: 'specified number of properties was not satisfied',
            numberOfProperties: count,
          };
        },
      },
    ];
  });
}

function propertyRules(given: Document, { byName }: FieldSchemas): Rule[] {
  if (given['properties'] === undefined) return [];
  return [
    {
      violation: (value) => {
        if (!isDocument(value)) return undefined;
        const unsatisfied: Document[] = [];
        for (const [propertyName, schema] of byName) {
          const details = schema.violations(fieldOf(value, propertyName));
          if (details.length > 0) unsatisfied.push({ propertyName, ...annotations(schema), details });
        }
        return unsatisfied.length === 0
          ? undefined
          : { operatorName: 'properties', propertiesNotSatisfied: unsatisfied };
      },
    },
  ];
}

function patternRules(given: Document, { byPattern }: FieldSchemas): Rule[] {
  if (given['patternProperties'] === undefined) return [];
  return [
    {
      violation: (value) => {
        if (!isDocument(value)) return undefined;
        const details: Document[] = [];
        for (const { pattern, schema, test } of byPattern) {
          for (const propertyName of Object.keys(value)) {
            if (!test(propertyName)) continue;
            const found = schema.violations(fieldOf(value, propertyName));
            if (found.length > 0) {
              details.push({ propertyName, ...annotations(schema), regexMatched: pattern, details: found });
            }
          }
        }
        return details.length === 0 ? undefined : { operatorName: 'patternProperties', details };
      },
    },
  ];
}

function additionalRules(
  given: Document,
  { byName, byPattern }: FieldSchemas,
  compile: SchemaCompiler,
): Rule[] {
  const additional = given['additionalProperties'];
  if (additional === undefined || additional === true) return [];
  if (additional !== false && !isDocument(additional)) {
    throw new MongoError(
      'TypeMismatch',
      "$jsonSchema keyword 'additionalProperties' must be either an object or a boolean",
    );
  }
  const schema = additional === false ? undefined : compile(additional, 'additionalProperties');
  const isAdditional = (name: string) => !byName.has(name) && !byPattern.some(({ test }) => test(name));
  return [
    {
      violation: (value) => {
        if (!isDocument(value)) return undefined;
        const names = Object.keys(value).filter(isAdditional);
        const head = {
          operatorName: 'additionalProperties',
          specifiedAs: { additionalProperties: additional },
        };
        if (schema === undefined) {
          return names.length === 0 ? undefined : { ...head, additionalProperties: names };
        }
        const name = names.find((candidate) => !satisfies(schema, fieldOf(value, candidate)));
        if (name === undefined) return undefined;
        return {
          operatorName: 'additionalProperties',
          reason: 'at least one additional property did not match the subschema',
          failingProperty: name,
          details: schema.violations(fieldOf(value, name)),
        };
      },
    },
  ];
}

function requiredRules(given: Document): Rule[] {
  if (given['required'] === undefined) return [];
  const names = namesOf(given['required'], 'required');
  return [
    {
      violation: (value) => {
        if (!isDocument(value)) return undefined;
        const missingProperties = names.filter((name) => fieldOf(value, name) === undefined).toSorted();
        return missingProperties.length === 0
          ? undefined
          : { operatorName: 'required', specifiedAs: given, missingProperties };
      },
    },
  ];
}

function namesOf(value: unknown, keyword: string): readonly string[] {
  if (!Array.isArray(value))
    throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be an array`);
  if (value.length === 0) {
    throw new MongoError('FailedToParse', `$jsonSchema keyword '${keyword}' cannot be an empty array`);
  }
  const names = value.map((name: unknown) => {
    if (typeof name === 'string') return name;
    throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be an array of strings`);
  });
  if (new Set(names).size !== names.length) {
    throw new MongoError(
      'FailedToParse',
      `$jsonSchema keyword '${keyword}' array cannot contain duplicate values`,
    );
  }
  return names;
}

function dependencyRules(given: Document, compile: SchemaCompiler): Rule[] {
  if (given['dependencies'] === undefined) return [];
  const dependencies = Object.entries(documentOf(given, 'dependencies')).map(([property, dependency]) => {
    if (Array.isArray(dependency)) return { property, names: namesOf(dependency, 'dependencies') };
    if (isDocument(dependency)) return { property, schema: compile(dependency, 'dependencies') };
    throw new MongoError(
      'TypeMismatch',
      `$jsonSchema keyword 'dependencies' must have values that are objects or arrays`,
    );
  });
  return [
    {
      violation: (value) => {
        if (!isDocument(value)) return undefined;
        const failingDependencies: Document[] = [];
        for (const { property, names, schema } of dependencies) {
          if (fieldOf(value, property) === undefined) continue;
          const missingProperties = (names ?? []).filter((name) => fieldOf(value, name) === undefined);
          const details = schema?.violations(value) ?? [];
          if (missingProperties.length > 0) {
            failingDependencies.push({ conditionalProperty: property, missingProperties });
          } else if (details.length > 0) failingDependencies.push({ conditionalProperty: property, details });
        }
        return failingDependencies.length === 0
          ? undefined
          : { operatorName: 'dependencies', failingDependencies };
      },
    },
  ];
}
