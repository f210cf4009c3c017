/**
 * `$jsonSchema`: MongoDB's subset of JSON Schema draft 4, with `bsonType` beside `type`. Compiles to rules that say
 * whether a value satisfies them and, when it does not, why, in the form of the `errInfo` of a failed validation.
 */
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { shellText } from '../storage/duplicate-key.ts';
import { compileArrayRules } from './array-rules.ts';
import { compileCombinationRules } from './combination-rules.ts';
import { compileObjectRules } from './object-rules.ts';
import type { Rule, Schema } from './schema.ts';
import { compileValueRules } from './value-rules.ts';

const ignored = new Set(['title', 'description']);
const refused = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id']);

/** @throws MongoError FailedToParse, TypeMismatch. */
export function compileSchema(schema: unknown, keyword = '$jsonSchema'): Schema {
  if (!isDocument(schema)) {
    throw new MongoError('TypeMismatch', `${keyword} must be an object`);
  }
  for (const name of ignored) {
    if (schema[name] !== undefined && typeof schema[name] !== 'string') {
      throw new MongoError('TypeMismatch', `$jsonSchema keyword '${name}' must be of type string`);
    }
  }
  for (const name of Object.keys(schema)) {
    if (refused.has(name)) {
      throw new MongoError('FailedToParse', `$jsonSchema keyword '${name}' is not currently supported`);
    }
  }
  if (schema['bsonType'] !== undefined && schema['type'] !== undefined) {
    throw new MongoError('FailedToParse', 'Cannot specify both $jsonSchema keywords bsonType and type');
  }
  const known = new Set<string>(ignored);
  const claim = (names: readonly string[]): Document => {
    for (const name of names) known.add(name);
    return Object.fromEntries(
      names.filter((name) => schema[name] !== undefined).map((name) => [name, schema[name]]),
    );
  };
  const rules: Rule[] = [
    ...compileValueRules(claim),
    ...compileObjectRules(claim, compileSchema),
    ...compileArrayRules(claim, compileSchema),
    ...compileCombinationRules(claim, compileSchema),
  ];
  for (const name of Object.keys(schema)) {
    if (!known.has(name)) {
      throw new MongoError('FailedToParse', `Unknown $jsonSchema keyword: ${shellText(name).slice(1, -1)}`);
    }
  }
  return {
    title: schema['title'],
    description: schema['description'],
    violations: (value) => rules.map((rule) => rule.violation(value)).filter((found) => found !== undefined),
  };
}
