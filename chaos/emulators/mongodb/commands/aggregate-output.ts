/** $out and $merge: the last stage of a pipeline that writes its results into a collection. */
import { duplicateKeyError, shellText } from '../storage/duplicate-key.ts';
import { ObjectId } from 'bson';
import { encodeDocument } from '../bson/encode.ts';
import { decodeDocument } from '../bson/decode.ts';
import { compileExpression } from '../aggregation/expression.ts';
import { compileUpdatePipeline } from '../aggregation/update-pipeline.ts';
import type { Documents, StageSpecification } from '../aggregation/pipeline.ts';
import { outputStages } from '../aggregation/stage-registry.ts';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, setField } from '../query/bson-value.ts';
import { emptyQuery, findDocuments } from '../query/plan/find-documents.ts';
import { readPath } from '../query/update/path-writer.ts';
import type { Document, StorageTransaction } from '../storage/contract.ts';
import type { StoredDocument } from '../storage/contract.ts';
import { incomingDocument } from './incoming-document.ts';
import { namespaceOf } from './namespace.ts';
import type { Operation } from './operation.ts';
import { validatorOf } from './validator.ts';
import type { Validate } from './validator.ts';
import { whenDone } from './write-batch.ts';
import { ensureCollection, writeStatement } from './write-statement.ts';

export function isOutputStage({ name }: StageSpecification): boolean {
  return outputStages.has(name);
}

type Source = (storage: StorageTransaction) => Documents;

export function runOutput(
  operation: Operation,
  stage: StageSpecification,
  source: Source,
  namespace: string,
): Document | Promise<Document> {
  if (operation.transaction !== undefined) {
    throw new MongoError(
      'OperationNotSupportedInTransaction',
      `${stage.name} cannot be used in a transaction`,
    );
  }
  if (operation.readConcern.level === 'linearizable') {
    throw new MongoError(
      'InvalidOptions',
      `${stage.name} cannot be used with a 'linearizable' read concern level`,
    );
  }
  if (!operation.server.member.isPrimary) throw new MongoError('NotWritablePrimary', 'not primary');
  const write =
    stage.name === '$out' ? outWriter(operation, stage.operand) : mergeWriter(operation, stage.operand);
  const done = writeStatement(operation, (storage) => write(storage, [...source(storage)]));
  return whenDone(done, () => ({ cursor: { firstBatch: [], id: 0n, ns: namespace } }));
}

type Writer = (storage: StorageTransaction, documents: readonly Document[]) => void;

function targetNamespace(operation: Operation, target: unknown): string {
  if (typeof target === 'string') return namespaceOf(operation.database, target);
  if (isDocument(target) && typeof target['db'] === 'string')
    return namespaceOf(target['db'], target['coll']);
  throw locationError(16990, '$out only supports a string or object argument');
}

/** Replaces all of the collection. */
function outWriter(operation: Operation, operand: unknown): Writer {
  const namespace = targetNamespace(operation, operand);
  return (storage, documents) => {
    ensureCollection(storage, namespace);
    const validate = validatorOf(operation, storage, namespace);
    const replaced = Array.from(storage.scan(namespace));
    for (const stored of replaced) storage.remove(namespace, stored);
    for (const document of documents) insert(storage, namespace, document, validate);
  };
}

function insert(
  storage: StorageTransaction,
  namespace: string,
  document: Document,
  validate: Validate | undefined,
): void {
  const bytes = incomingDocument(encodeDocument(document), () => new ObjectId());
  validate?.(decodeDocument(bytes));
  storage.insert(namespace, bytes);
}

function mergeWriter(operation: Operation, operand: unknown): Writer {
  const given = typeof operand === 'string' ? { into: operand } : operand;
  if (!isDocument(given)) throw locationError(51182, '$merge requires a string or object argument');
  const namespace = targetNamespace(operation, given['into']);
  const on =
    typeof given['on'] === 'string'
      ? [given['on']]
      : Array.isArray(given['on'])
        ? given['on'].map(String)
        : ['_id'];
  const whenMatched = given['whenMatched'] ?? 'merge';
  const whenNotMatched = given['whenNotMatched'] ?? 'insert';
  const change = matchedChange(operation, { namespace, on, whenMatched, lets: given['let'] });
  return (storage, documents) => {
    ensureCollection(storage, namespace);
    checkUniqueKey(storage, namespace, on);
    const validate = validatorOf(operation, storage, namespace);
    for (const document of documents) {
      const existing = findByKey(storage, namespace, on, document);
      if (existing === undefined) {
        if (whenNotMatched === 'fail') {
          throw locationError(
            13113,
            '$merge could not find a matching document in the target collection for at least one document in the source collection',
          );
        }
        if (whenNotMatched === 'insert') insert(storage, namespace, document, validate);
        continue;
      }
      const changed = change(existing.document(), document);
      if (changed === undefined) continue;
      validate?.(changed);
      const bytes = encodeDocument(changed);
      if (Buffer.compare(bytes, existing.bytes) !== 0) storage.update(namespace, existing, bytes);
    }
  };
}

/** @throws MongoError 51183 unless a unique index has just these fields. */
function checkUniqueKey(storage: StorageTransaction, namespace: string, on: readonly string[]): void {
  const wanted = on.toSorted().join('\0');
  const isUnique = storage
    .collection(namespace)
    ?.indexes.some(
      (index) =>
        (index.unique || index.name === '_id_') && Object.keys(index.key).toSorted().join('\0') === wanted,
    );
  if (isUnique !== true) {
    throw locationError(51183, 'Cannot find index to verify that join fields will be unique');
  }
}

function findByKey(
  storage: StorageTransaction,
  namespace: string,
  on: readonly string[],
  document: Document,
): StoredDocument | undefined {
  const filter = Object.fromEntries(
    on.map((path) => [path, { $eq: readPath(document, path.split('.')) ?? null }]),
  );
  const [found] = findDocuments(storage, { ...emptyQuery(namespace), filter, limit: 1 });
  return found?.stored;
}

type MatchedChange = (existing: Document, incoming: Document) => Document | undefined;

interface Merge {
  readonly namespace: string;
  readonly on: readonly string[];
  readonly whenMatched: unknown;
  readonly lets: unknown;
}

function matchedChange(operation: Operation, { namespace, on, whenMatched, lets }: Merge): MatchedChange {
  if (Array.isArray(whenMatched)) {
    const variables = Object.entries(isDocument(lets) ? lets : { new: '$$ROOT' }).map(
      ([name, expression]) => ({
        name,
        expression: compileExpression(expression, operation.environment),
      }),
    );
    return (existing, incoming) => {
      const bound = Object.fromEntries(variables.map(({ name, expression }) => [name, expression(incoming)]));
      const environment = {
        ...operation.environment,
        variables: { ...operation.environment.variables, ...bound },
      };
      return withId(compileUpdatePipeline(whenMatched, environment)(existing), existing);
    };
  }
  switch (whenMatched) {
    case 'keepExisting':
      return () => undefined;
    case 'replace':
      return (existing, incoming) => withId(incoming, existing);
    case 'merge':
      return (existing, incoming) => withId({ ...existing, ...incoming }, existing);
    case 'fail':
      return (existing) => {
        throw duplicateKeyError(
          namespace,
          {
            name: '_id_',
            key: Object.fromEntries(on.map((path) => [path, 1 as const])),
            unique: true,
            sparse: false,
          },
          on.map((path) => readPath(existing, path.split('.'))),
        );
      };
    default:
      throw new MongoError(
        'BadValue',
        `Enumeration value '${shellText(whenMatched)}' for field '$merge.whenMatched' is not a valid value.`,
      );
  }
}

function withId(document: Document, existing: Document): Document {
  const result: Document = { _id: existing['_id'] };
  for (const name of Object.keys(document)) if (name !== '_id') setField(result, name, document[name]);
  return result;
}
