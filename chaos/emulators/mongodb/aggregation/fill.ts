/** $fill: puts values where there are none. It is made of $setWindowFields and $addFields, as in MongoDB. */
import { locationError, MongoError } from '../errors.ts';
import { isDocument, setField, typeNameOf } from '../query/bson-value.ts';
import { orderedNames } from '../bson/field-order.ts';
import type { Document } from '../storage/contract.ts';
import { compileDocumentStage } from './document-stages.ts';
import { compileSetWindowFields } from './set-window-fields.ts';
import type { Stage, StageCompiler } from './stage.ts';

const options = ['sortBy', 'partitionBy', 'partitionByFields', 'output'];

export const compileFill: StageCompiler = (operand, context, compile) => {
  if (!isDocument(operand))
    throw locationError(
      6050204,
      `the $fill stage specification must be an object, found ${typeNameOf(operand)}`,
    );
  for (const name of Object.keys(operand)) {
    if (!options.includes(name))
      throw locationError(40415, `BSON field '$fill.${name}' is an unknown field.`);
  }
  const { sortBy, output } = operand;
  if (output === undefined)
    throw locationError(40414, "BSON field '$fill.output' is missing but a required field");
  if (!isDocument(output))
    throw new MongoError(
      'TypeMismatch',
      "BSON field '$fill.output' is the wrong type, expected type 'object'",
    );
  if (Object.keys(output).length === 0)
    throw locationError(6050203, "maxSize of 'output' must be at least one");
  const values: Document = {};
  const windows: Document = {};
  for (const field of orderedNames(output)) addOutput(field, output[field], { values, windows, sortBy });
  const stages: Stage[] = [];
  if (Object.keys(windows).length > 0) {
    const partitionBy = partitionOf(operand);
    const window = {
      ...(partitionBy === undefined ? {} : { partitionBy }),
      ...(sortBy === undefined ? {} : { sortBy }),
      output: windows,
    };
    stages.push(compileSetWindowFields(window, context, compile));
  }
  const set =
    Object.keys(values).length > 0
      ? compileDocumentStage('$addFields', values, context.environment)
      : undefined;
  return (documents) => {
    const filled = stages.reduce((current, stage) => stage(current), documents);
    return set === undefined ? filled : mapped(filled, set);
  };
};

function* mapped(
  documents: Iterable<Document>,
  change: (document: Document) => Document,
): Generator<Document> {
  for (const document of documents) yield change(document);
}

interface Outputs {
  readonly values: Document;
  readonly windows: Document;
  readonly sortBy: unknown;
}

function addOutput(field: string, specification: unknown, { values, windows, sortBy }: Outputs): void {
  const [kind, ...others] = isDocument(specification) ? Object.keys(specification) : [];
  if (!isDocument(specification) || others.length > 0 || (kind !== 'value' && kind !== 'method')) {
    throw locationError(40415, `$fill's output for '${field}' takes one of 'value' and 'method'`);
  }
  if (kind === 'value') {
    setField(values, field, { $ifNull: [`$${field}`, specification['value']] });
    return;
  }
  const { method } = specification;
  if (method === 'locf') setField(windows, field, { $locf: `$${field}` });
  else if (method === 'linear') {
    if (sortBy === undefined)
      throw locationError(
        605001,
        '$linearFill must be specified with a top level sortBy expression with exactly one element',
      );
    setField(windows, field, { $linearFill: `$${field}` });
  } else throw locationError(6050202, `Method must be either locf or linear`);
}

function partitionOf({ partitionBy, partitionByFields }: Document): unknown {
  if (partitionBy !== undefined && partitionByFields !== undefined) {
    throw locationError(
      6050204,
      "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'",
    );
  }
  if (partitionByFields === undefined) {
    if (typeof partitionBy === 'string' && !partitionBy.startsWith('$')) {
      throw locationError(6050200, "'partitionBy' must be an object, or a string that is a path");
    }
    return partitionBy;
  }
  if (!Array.isArray(partitionByFields)) {
    throw new MongoError(
      'TypeMismatch',
      "BSON field '$fill.partitionByFields' is the wrong type, expected type 'array'",
    );
  }
  const fields: Document = {};
  for (const [index, path] of partitionByFields.entries()) {
    if (typeof path !== 'string')
      throw new MongoError('TypeMismatch', "BSON field '$fill.partitionByFields' takes strings");
    if (path.startsWith('$'))
      throw locationError(6050200, `The partitionByFields '${path}' must not start with '$'`);
    setField(fields, `p${index}`, `$${path}`);
  }
  return fields;
}
