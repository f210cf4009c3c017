/** $lookup: joins documents of another collection by equality, by a pipeline, or by both. */
import { MongoError } from '../errors.ts';
import { cloneContainers, isDocument } from '../query/bson-value.ts';
import { readPath, writePath } from '../query/update/path-writer.ts';
import { walkPath } from '../query/path.ts';
import type { Document } from '../storage/contract.ts';
import { compileExpression } from './expression.ts';
import type { PipelineContext, Stage } from './pipeline.ts';

type PipelineCompiler = (stages: readonly unknown[], context: PipelineContext) => Stage;

export function compileLookup(operand: unknown, context: PipelineContext, compile: PipelineCompiler): Stage {
  if (!isDocument(operand))
    throw new MongoError('FailedToParse', 'the $lookup stage specification must be an Object');
  const { from, as, localField, foreignField, pipeline } = operand;
  const variables = operand['let'];
  if (typeof from !== 'string')
    throw new MongoError('FailedToParse', "must specify 'from' field for a $lookup");
  if (typeof as !== 'string') throw new MongoError('FailedToParse', "must specify 'as' field for a $lookup");
  const isEquality = typeof localField === 'string' && typeof foreignField === 'string';
  if (!isEquality && !Array.isArray(pipeline)) {
    throw new MongoError(
      'FailedToParse',
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  const stages: readonly unknown[] = Array.isArray(pipeline) ? pipeline : [];
  const lets = Object.entries(isDocument(variables) ? variables : {}).map(([name, expression]) => ({
    name,
    expression: compileExpression(expression, context.environment),
  }));
  if (lets.length === 0) compile(stages, context);
  const target = as.split('.');
  return function* (documents) {
    for (const document of documents) {
      const filter = isEquality ? equalityFilter(document, localField, foreignField) : {};
      const bound = Object.fromEntries(
        lets.map(({ name, expression }) => [name, expression(document) ?? null]),
      );
      const environment = {
        ...context.environment,
        variables: { ...context.environment.variables, ...bound },
      };
      const run = compile(stages, { ...context, environment });
      const result = cloneContainers(document);
      writePath(result, target, [...run(context.readCollection(from, filter))]);
      yield result;
    }
  };
}

/** A local array stands for its elements; a missing local field joins with missing and null. */
function equalityFilter(document: Document, localField: string, foreignField: string): Document {
  const values: unknown[] = [];
  walkPath(document, localField.split('.'), { expandLeaf: false }, (value) => {
    if (Array.isArray(value)) values.push(...(value as readonly unknown[]));
    else values.push(value ?? null);
    return false;
  });
  if (values.length === 0 && readPath(document, localField.split('.')) === undefined) values.push(null);
  return { [foreignField]: { $in: values } };
}
