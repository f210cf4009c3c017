/** delete: a batch of delete statements, each for one document (limit 1) or for all that match (limit 0). */
import { MongoError } from '../errors.ts';
import { numberOf } from '../query/bson-value.ts';
import { emptyQuery, findDocuments } from '../query/plan/find-documents.ts';
import type { Query } from '../query/plan/find-documents.ts';
import type { Document } from '../storage/contract.ts';
import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';
import { hintOf, queryEnvironment } from './query-arguments.ts';
import {
  abortAfterErrors,
  runStatements,
  statementIds,
  statementsOf,
  whenDone,
  writeErrorsReply,
} from './write-batch.ts';
import { attachReply, keepReply, rememberedReply, writeStatement } from './write-statement.ts';

const statementFields = new Set(['q', 'limit', 'collation', 'hint', 'sampleId']);

export const deleteCommand: Command = {
  name: 'delete',
  kind: 'write',
  refusesViews: true,
  inTransaction: true,
  retryable: true,
  writeConcern: true,
  fields: ['deletes', 'ordered', 'let', 'encryptionInformation'],
  run: (operation) => {
    const { namespace } = operation;
    const queries = statementsOf(operation, 'deletes').map((statement) =>
      parseStatement(operation, namespace, statement),
    );
    operation.server.counters.operations.delete += queries.length;
    const statementId = statementIds(operation);
    let n = 0;
    const errors = runStatements(operation, queries.length, (index) => {
      const query = queries[index];
      if (query === undefined) return undefined;
      return whenDone(deleteMatching(operation, query, statementId(index)), (deleted) => {
        n += deleted;
      });
    });
    return whenDone(errors, (found) => {
      abortAfterErrors(operation, found);
      return { n, ...writeErrorsReply(operation, found) };
    });
  },
};

function parseStatement(operation: Operation, namespace: string, statement: Document): Query {
  const given = new Arguments(statement, 'delete.deletes');
  given.refuseUnknown(statementFields);
  const limit = given.number('limit');
  if (limit !== 0 && limit !== 1) {
    if (limit === undefined) given.requiredDocument('limit');
    throw new MongoError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`);
  }
  if (limit === 0 && operation.retryNumber !== undefined) {
    throw new MongoError('InvalidOptions', 'Cannot use (or request) retryable writes with limit=0');
  }
  return {
    ...emptyQuery(namespace),
    filter: given.requiredDocument('q'),
    hint: hintOf(given),
    limit,
    environment: queryEnvironment(operation, given, namespace),
  };
}

function deleteMatching(operation: Operation, query: Query, statementId: number): number | Promise<number> {
  const remembered = rememberedReply(operation, statementId);
  if (remembered !== undefined) return numberOf(remembered['n']) ?? 0;
  const deleted = writeStatement(operation, (storage) => {
    const found = [...findDocuments(storage, query)];
    for (const { stored } of found) storage.remove(query.namespace, stored);
    attachReply(operation, storage, statementId, { n: found.length });
    return found.length;
  });
  return whenDone(deleted, (n) => {
    keepReply(operation, statementId, { n });
    return n;
  });
}
