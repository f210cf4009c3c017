/** $documents: a pipeline's own documents, in place of a collection's. */
import { locationError } from '../errors.ts';
import { isDocument, typeNameOf } from '../query/bson-value.ts';
import { compileExpression } from './expression.ts';
import type { ExpressionEnvironment } from './expression.ts';
import type { Documents } from './stage.ts';

/** The documents of a pipeline's first stage, when that is what it is. */
export function documentsStage(
  pipeline: readonly unknown[],
  environment: ExpressionEnvironment,
): (() => Documents) | undefined {
  const [first] = pipeline;
  if (!isDocument(first) || !Object.hasOwn(first, '$documents')) return undefined;
  return literalDocuments(first['$documents'], environment);
}

/** @throws MongoError 5858203, 40228 unless the expression gives an array of documents. */
export function literalDocuments(operand: unknown, environment: ExpressionEnvironment): () => Documents {
  const expression = compileExpression(operand, environment);
  return () => {
    const documents = expression({});
    if (!Array.isArray(documents)) throw locationError(5858203, 'an array is expected');
    return documents.map((document: unknown) => {
      if (isDocument(document)) return document;
      throw locationError(40228, `$documents must be an array of objects, found ${typeNameOf(document)}`);
    });
  };
}
