/** Updates written as pipelines: only the stages that turn one document into one. Nothing fails before there is a document. */
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { compileDocumentStage } from './document-stages.ts';
import type { ExpressionEnvironment } from './expression.ts';
import { deferringFailures } from './expressions/evaluation.ts';

export function compileUpdatePipeline(
  pipeline: readonly unknown[],
  environment: ExpressionEnvironment,
): (document: Document) => Document {
  const stages = pipeline.map((stage) => {
    const name = isDocument(stage) ? Object.keys(stage)[0] : undefined;
    if (!isDocument(stage) || name === undefined || Object.keys(stage).length !== 1) {
      throw new MongoError(
        'FailedToParse',
        'Each element of the update pipeline must be an object with one field',
      );
    }
    const compiled = deferringFailures(() => compileDocumentStage(name, stage[name], environment));
    if (compiled === undefined) {
      throw new MongoError('InvalidOptions', `${name} is not allowed to be used within an update`);
    }
    return compiled;
  });
  return (document) => stages.reduce((current, stage) => stage(current), document);
}
