/** Stages with pipelines in them: $facet and $unionWith. */
import { locationError, MongoError } from '../errors.ts';
import { isDocument, setField, typeNameOf } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import type { Document } from '../storage/contract.ts';
import { documentsStage } from './documents.ts';
import { checkFieldName } from './expressions/names.ts';
import type { StageCompiler } from './stage.ts';

export const compileFacet: StageCompiler = (operand, context, compile) => {
  if (!isDocument(operand) || Object.keys(operand).length === 0) {
    throw locationError(40169, 'the $facet specification must be a non-empty object');
  }
  const facets = orderedNames(operand).map((name) => {
    checkFieldName(name);
    const pipeline = operand[name];
    if (!Array.isArray(pipeline)) {
      throw locationError(
        40170,
        `arguments to $facet must be arrays, ${name} is type ${typeNameOf(pipeline)}`,
      );
    }
    for (const stage of pipeline as readonly unknown[]) {
      if (!isDocument(stage)) {
        throw locationError(
          40171,
          `elements of arrays in $facet spec must be non-empty objects, ${name} argument contained an element of type ${typeNameOf(stage)}`,
        );
      }
    }
    return { name, run: compile(pipeline, context, '$facet') };
  });
  return (documents) => {
    const input = [...documents];
    const result: Document = {};
    for (const { name, run } of facets) setField(result, name, [...run(input)]);
    return [result];
  };
};

export const compileUnion: StageCompiler = (operand, context, compile) => {
  if (typeof operand !== 'string' && !isDocument(operand)) {
    throw new MongoError(
      'FailedToParse',
      `the $unionWith stage specification must be an object or string, but found ${typeNameOf(operand)}`,
    );
  }
  const given: Document = typeof operand === 'string' ? { coll: operand } : operand;
  for (const name of Object.keys(given)) {
    if (name !== 'coll' && name !== 'pipeline') {
      throw locationError(40415, `BSON field '$unionWith.${name}' is an unknown field.`);
    }
  }
  const { coll, pipeline = [] } = given;
  if (coll !== undefined && typeof coll !== 'string') {
    throw new MongoError(
      'TypeMismatch',
      `BSON field '$unionWith.coll' is the wrong type '${typeNameOf(coll)}', expected type 'string'`,
    );
  }
  if (!Array.isArray(pipeline)) {
    throw new MongoError(
      'TypeMismatch',
      `BSON field '$unionWith.pipeline' is the wrong type '${typeNameOf(pipeline)}', expected type 'array'`,
    );
  }
  const source = coll === undefined ? documentsStage(pipeline, context.environment) : undefined;
  if (coll === undefined && source === undefined) {
    throw new MongoError(
      'FailedToParse',
      '$unionWith stage without explicit collection must have a pipeline with $documents as first stage',
    );
  }
  const run = compile(source === undefined ? pipeline : pipeline.slice(1), context, '$unionWith');
  return function* (documents) {
    yield* documents;
    yield* run(source === undefined ? context.readCollection(coll ?? '', {}) : source());
  };
};
