/**
 * Runs aggregation pipelines. Stages that only pass documents on, choose, order or reshape them are done here, with BSON's
 * types and order; those that compute over many documents go through mingo.
 */
import { shellText } from '../storage/duplicate-key.ts';
import { Lazy } from 'mingo/lazy';
import { OpType } from 'mingo/core';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, numberOf, typeNameOf } from '../query/bson-value.ts';
import { compileFilter } from '../query/matcher.ts';
import { compileSort, sortDocuments } from '../query/sort.ts';
import type { Document } from '../storage/contract.ts';
import { compileBucket } from './bucket.ts';
import { carryMetadata } from './document-metadata.ts';
import { compileDocumentStage } from './document-stages.ts';
import { checkExpression, expressionError, prepareExpression } from './expression.ts';
import type { ExpressionEnvironment } from './expression.ts';
import { compileGroup } from './group.ts';
import { compileLookup } from './lookup.ts';
import { mingoContext } from './mingo-context.ts';
import { fromMingo, toMingo } from './mingo-values.ts';
import { compileUnwind } from './unwind.ts';

export type Documents = Iterable<Document>;
export type Stage = (documents: Documents) => Documents;

export interface PipelineContext {
  readonly environment: ExpressionEnvironment;
  /** Documents of another collection of the same database, for stages that join. */
  readonly readCollection: (collection: string, filter: Document) => Documents;
  readonly random: { next(): number };
}

export interface StageSpecification {
  readonly name: string;
  readonly operand: unknown;
}

/** @throws MongoError 40323, 40324 for stages that are none. */
export function parsePipeline(pipeline: readonly unknown[]): StageSpecification[] {
  return pipeline.map((stage) => {
    if (!isDocument(stage)) {
      throw new MongoError('TypeMismatch', `Each element of the 'pipeline' array must be an object`);
    }
    const [name, ...others] = Object.keys(stage);
    if (name === undefined || others.length > 0) {
      throw locationError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    return { name, operand: stage[name] };
  });
}

export function compilePipeline(stages: readonly StageSpecification[], context: PipelineContext): Stage {
  const compiled = stages.map((stage) => compileStage(stage, context));
  return (documents) => compiled.reduce((current, stage) => stage(current), documents);
}

const throughMingo = new Set([
  '$bucketAuto',
  '$densify',
  '$fill',
  '$redact',
  '$setWindowFields',
  '$sortByCount',
]);

const refused = new Set(['$planCacheStats']);

function compileStage({ name, operand }: StageSpecification, context: PipelineContext): Stage {
  const { environment } = context;
  const perDocument = compileDocumentStage(name, operand, environment);
  if (perDocument !== undefined) {
    return function* (documents) {
      for (const document of documents) yield carryMetadata(document, perDocument(document));
    };
  }
  switch (name) {
    case '$match':
      return compileMatch(operand, environment);
    case '$sort':
      return compileSortStage(operand, environment);
    case '$limit':
      return compileLimit(operand);
    case '$skip':
      return compileSkip(operand);
    case '$count':
      return compileCount(operand);
    case '$group':
      return compileGroup(operand, environment);
    case '$bucket':
      return compileBucket(operand, environment);
    case '$unwind':
      return compileUnwind(operand);
    case '$lookup':
      return compileLookup(operand, context, (stages, inner) =>
        compilePipeline(parsePipeline(stages), inner),
      );
    case '$unionWith':
      return compileUnion(operand, context);
    case '$facet':
      return compileFacet(operand, context);
    case '$sample':
      return compileSample(operand, context);
    case '$graphLookup':
      return compileThroughMingo(name, operand, context);
    default:
      if (throughMingo.has(name)) return compileThroughMingo(name, operand, context);
      if (refused.has(name)) {
        throw new MongoError('CommandNotSupported', `${name} is not supported by the embedded MongoDB`);
      }
      throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

function compileMatch(operand: unknown, environment: ExpressionEnvironment): Stage {
  if (!isDocument(operand)) throw locationError(15959, 'the match filter must be an expression in an object');
  const matches = compileFilter(operand, environment);
  return function* (documents) {
    for (const document of documents) if (matches(document)) yield document;
  };
}

function compileSortStage(operand: unknown, { collation }: ExpressionEnvironment): Stage {
  if (!isDocument(operand)) throw locationError(15973, 'the $sort key specification must be an object');
  if (Object.keys(operand).length === 0)
    throw locationError(15976, '$sort stage must have at least one sort key');
  const sort = compileSort(operand, collation);
  return (documents) => sortDocuments([...documents], sort, (document) => document);
}

function compileLimit(operand: unknown): Stage {
  const limit = numberOf(operand);
  if (limit === undefined || !Number.isInteger(limit))
    throw locationError(
      5107201,
      `invalid argument to $limit stage: Expected a number in: $limit: ${shellText(operand)}`,
    );
  if (limit <= 0) throw locationError(15958, 'the limit must be positive');
  return function* (documents) {
    let left = limit;
    for (const document of documents) {
      yield document;
      left -= 1;
      if (left === 0) return;
    }
  };
}

function compileSkip(operand: unknown): Stage {
  const skip = numberOf(operand);
  if (skip === undefined || skip < 0)
    throw locationError(5107200, `invalid argument to $skip stage: ${shellText(operand)}`);
  return function* (documents) {
    let left = skip;
    for (const document of documents) {
      if (left > 0) left -= 1;
      else yield document;
    }
  };
}

function compileCount(operand: unknown): Stage {
  if (typeof operand !== 'string' || operand === '')
    throw locationError(40156, 'the count field must be a non-empty string');
  if (operand.startsWith('$')) throw locationError(40158, 'the count field cannot be a $-prefixed path');
  return function* (documents) {
    let count = 0;
    for (const _ of documents) count += 1;
    if (count > 0) yield { [operand]: count };
  };
}

function compileUnion(operand: unknown, context: PipelineContext): Stage {
  const collection =
    typeof operand === 'string' ? operand : isDocument(operand) ? operand['coll'] : undefined;
  if (typeof collection !== 'string') throw new MongoError('FailedToParse', '$unionWith needs a collection');
  const pipeline = isDocument(operand) && Array.isArray(operand['pipeline']) ? operand['pipeline'] : [];
  const run = compilePipeline(parsePipeline(pipeline), context);
  return function* (documents) {
    yield* documents;
    yield* run(context.readCollection(collection, {}));
  };
}

function compileFacet(operand: unknown, context: PipelineContext): Stage {
  if (!isDocument(operand)) throw locationError(40169, 'the $facet specification must be a non-empty object');
  const facets = Object.entries(operand).map(([name, pipeline]) => {
    if (!Array.isArray(pipeline))
      throw locationError(
        40170,
        `arguments to $facet must be arrays, ${name} is type ${typeNameOf(pipeline)}`,
      );
    return { name, run: compilePipeline(parsePipeline(pipeline), context) };
  });
  return (documents) => {
    const input = [...documents];
    return [Object.fromEntries(facets.map(({ name, run }) => [name, [...run(input)]]))];
  };
}

/** Reservoir sampling (Vitter's algorithm R) keeps `size` documents, each with the same chance. */
function compileSample(operand: unknown, { random }: PipelineContext): Stage {
  const size = isDocument(operand) ? numberOf(operand['size']) : undefined;
  if (size === undefined || size < 0) throw locationError(28746, '$sample stage must specify a size');
  return (documents) => {
    const kept: Document[] = [];
    let seen = 0;
    for (const document of documents) {
      seen += 1;
      if (kept.length < size) kept.push(document);
      else {
        const place = Math.floor(random.next() * seen);
        if (place < size) kept[place] = document;
      }
    }
    return kept;
  };
}

function compileThroughMingo(name: string, operand: unknown, context: PipelineContext): Stage {
  checkExpressionsOf(name, operand);
  const operator = mingoContext.getOperator(OpType.PIPELINE, name);
  if (operator === null) throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`);
  const prepared = prepareExpression(operand, context.environment);
  const options = {
    idKey: '_id',
    processingMode: 0,
    useStrictMode: true,
    // Its window stages are built on a script operator of its own; those of clients are not in the context.
    scriptEnabled: true,
    failOnError: true,
    context: mingoContext,
    variables: context.environment.variables ?? {},
    collectionResolver: (collection: string) => [...context.readCollection(collection, {})].map(toMingo),
  };
  return (documents) => {
    try {
      const results: unknown = operator(Lazy([...documents].map(toMingo) as never), prepared, options);
      const collected = isCollectable(results) ? results.collect() : [];
      return collected.map(fromMingo).filter(isDocument);
    } catch (thrown) {
      throw expressionError(thrown);
    }
  };
}

function checkExpressionsOf(name: string, operand: unknown): void {
  if (name === '$sortByCount') checkExpression(operand);
  if (name === '$bucketAuto' && isDocument(operand)) checkExpression(operand['groupBy']);
}

function isCollectable(value: unknown): value is { collect(): unknown[] } {
  return (
    typeof value === 'object' && value !== null && 'collect' in value && typeof value.collect === 'function'
  );
}
