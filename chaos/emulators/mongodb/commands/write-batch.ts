/** What insert, update and delete have in common: a batch of statements, ordered or not, and the list of their errors. */
import { MongoError, asMongoError } from '../errors.ts';
import { numberOf } from '../query/bson-value.ts';
import { decodeDocument } from '../bson/decode.ts';
import type { Document } from '../storage/contract.ts';
import { abortTransaction } from '../sessions/transactions.ts';
import { errorLabels } from './error-labels.ts';
import type { Operation } from './operation.ts';

/** MongoDB's maxWriteBatchSize. */
export const writeBatchMax = 100_000;

export interface WriteError {
  readonly index: number;
  readonly error: MongoError;
}

/** Statements from the body or a document sequence. @throws MongoError InvalidLength when there are none or too many. */
export function statementsOf(operation: Operation, field: string): readonly Document[] {
  const sequence = operation.sequences.get(field);
  const statements = sequence?.map(decodeDocument) ?? operation.arguments.documents(field);
  return checkBatch(operation, field, statements);
}

export function checkBatch<T>(
  operation: Operation,
  field: string,
  statements: readonly T[] | undefined,
): readonly T[] {
  if (statements === undefined) {
    operation.arguments.requiredDocument(field);
    return [];
  }
  if (statements.length === 0 || statements.length > writeBatchMax) {
    throw new MongoError(
      'InvalidLength',
      `Write batch sizes must be between 1 and ${writeBatchMax}. Got ${statements.length} operations.`,
    );
  }
  return statements;
}

/** Ids of the statements of a retryable write: those given, or counted from 0. */
export function statementIds(operation: Operation): (index: number) => number {
  const given = operation.arguments.array('stmtIds');
  if (given !== undefined) return (index) => numberOf(given[index]) ?? index;
  const first = operation.arguments.number('stmtId') ?? 0;
  return (index) => first + index;
}

/** Errors that end the command instead of one statement of it. */
export function endsCommand(operation: Operation, error: MongoError): boolean {
  if (operation.transaction !== undefined) return error.code !== 11000 && !isStatementError(error);
  return commandErrors.has(error.codeName);
}

const commandErrors: ReadonlySet<string> = new Set([
  'ClientDisconnect',
  'Interrupted',
  'InterruptedAtShutdown',
  'InterruptedDueToReplStateChange',
  'NotWritablePrimary',
  'PrimarySteppedDown',
  'NoSuchTransaction',
  'InternalError',
]);

function isStatementError(error: MongoError): boolean {
  return error.codeName !== 'WriteConflict' && !commandErrors.has(error.codeName);
}

export function writeErrorsReply(operation: Operation, errors: readonly WriteError[]): Document {
  if (errors.length === 0) return {};
  return {
    writeErrors: errors.map(({ index, error }) => ({
      index,
      code: error.code,
      errmsg: error.message,
      ...error.fields,
    })),
    ...labelsReply(operation, errors),
  };
}

function labelsReply(operation: Operation, errors: readonly WriteError[]): Document {
  const labels = new Set(errors.flatMap(({ error }) => errorLabels(operation, error.code, undefined)));
  return labels.size > 0 ? { errorLabels: [...labels] } : {};
}

/** In a transaction the error of one statement ends the whole transaction. */
export function abortAfterErrors(operation: Operation, errors: readonly WriteError[]): void {
  const { server, session, transaction } = operation;
  if (errors.length > 0 && transaction !== undefined && session !== undefined) {
    abortTransaction(server, session, transaction);
  }
}

/** Runs `step` for each statement in turn; waits only where a step does. Stops after an error when ordered. */
export function runStatements(
  operation: Operation,
  count: number,
  step: (index: number) => void | Promise<void>,
): WriteError[] | Promise<WriteError[]> {
  const ordered = operation.arguments.boolean('ordered', true);
  const errors: WriteError[] = [];
  /** True when the rest is not to be run. */
  const note = (index: number, thrown: unknown): boolean => {
    const error = asMongoError(thrown);
    if (endsCommand(operation, error)) throw error;
    errors.push({ index, error });
    return ordered || operation.transaction !== undefined;
  };
  const runLate = async (from: number, pending: Promise<void>): Promise<WriteError[]> => {
    try {
      await pending;
    } catch (thrown) {
      if (note(from, thrown)) return errors;
    }
    for (let index = from + 1; index < count; index += 1) {
      try {
        await step(index);
      } catch (thrown) {
        if (note(index, thrown)) return errors;
      }
    }
    return errors;
  };
  for (let index = 0; index < count; index += 1) {
    try {
      const pending = step(index);
      if (pending !== undefined) return runLate(index, pending);
    } catch (thrown) {
      if (note(index, thrown)) return errors;
    }
  }
  return errors;
}

export function whenDone<T, R>(value: T | Promise<T>, then: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(then) : then(value);
}
