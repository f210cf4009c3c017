/**
 * Takes one request from its bytes to its reply: fail points, checks, the session, the command, what its write concern
 * waits for, and the fields every reply has. Nothing here is asynchronous unless something has to be waited for.
 */
import { Double } from 'bson';
import { MongoError, asMongoError, locationError } from '../errors.ts';
import type { CommandFailure } from '../failpoint/fail-points.ts';
import { numberOf } from '../query/bson-value.ts';
import type { ServerState } from '../server-state.ts';
import { abortTransaction } from '../sessions/transactions.ts';
import type { Document } from '../storage/contract.ts';
import type { ClientConnection } from '../wire/client-connection.ts';
import type { OpMessage } from '../wire/op-msg.ts';
import type { Command } from './command.ts';
import { errorLabels } from './error-labels.ts';
import type { LabelSubject } from './error-labels.ts';
import { Operation } from './operation.ts';
import { enterSession, prepare } from './prepare.ts';
import { commandsByName } from './registry.ts';
import { awaitWriteConcern } from './write-concern-wait.ts';

/** MongoDB sends `ok` as a double. */
const okDouble = new Double(1);
const notOkDouble = new Double(0);

export interface Outcome {
  readonly reply: Document;
  readonly closeConnection: boolean;
  /** The command, for a reply that goes on by itself. */
  readonly exhaust: boolean;
}

export function dispatch(
  server: ServerState,
  connection: ClientConnection,
  message: Pick<OpMessage, 'body' | 'sequences' | 'exhaustAllowed'>,
): Outcome | Promise<Outcome> {
  const { body } = message;
  let command: Command;
  let operation: Operation;
  try {
    const database = databaseOf(body);
    command = commandOf(body);
    const { sequences, exhaustAllowed } = message;
    refuseDuplicates(body, sequences);
    operation = new Operation({ server, connection, command, body, sequences, database, exhaustAllowed });
  } catch (thrown) {
    return { reply: errorReply(server, asMongoError(thrown), []), closeConnection: false, exhaust: false };
  }
  const failure = server.failPoints.isActive ? enterFailPoint(operation) : undefined;
  server.operations.add(operation);
  if (failure !== undefined) return dispatchSlowly(operation, command, failure);
  try {
    prepare(operation);
    if (body['txnNumber'] !== undefined && operation.session?.busy !== undefined) {
      return afterSession(operation, command, undefined);
    }
    enterSession(operation);
    const reply = run(operation, command);
    if (!(reply instanceof Promise)) return succeed(operation, reply, undefined);
    return occupySession(operation, reply).then(
      (late) => succeed(operation, late, undefined),
      (thrown: unknown) => fail(operation, thrown, undefined),
    );
  } catch (thrown) {
    return fail(operation, thrown, undefined);
  }
}

function run(operation: Operation, command: Command): Document | Promise<Document> {
  const { server } = operation;
  // A write may come between a read and its reply; a stream started at the reply's time must tell it.
  if (command.kind === 'read') operation.operationTime = server.clusterClock.operationTime;
  return command.run(operation);
}

/** @throws MongoError for a message that names no database. */
function databaseOf(body: Document): string {
  const database = body['$db'];
  if (database === undefined) throw locationError(40571, 'OP_MSG requests require a $db argument');
  if (typeof database !== 'string') throw new MongoError('TypeMismatch', '$db must be a string');
  return database;
}

/** @throws MongoError CommandNotFound. */
function commandOf(body: Document): Command {
  const name = Object.keys(body)[0] ?? '';
  const command = commandsByName.get(name);
  if (command === undefined) throw new MongoError('CommandNotFound', `no such command: '${name}'`);
  return command;
}

function refuseDuplicates(body: Document, sequences: OpMessage['sequences']): void {
  for (const sequence of sequences.keys()) {
    if (body[sequence] !== undefined)
      throw locationError(40433, `Duplicate field between body and document sequence ${sequence}`);
  }
}

function enterFailPoint({
  body,
  command,
  connection,
  database,
  server,
}: Operation): CommandFailure | undefined {
  if (command.name === 'configureFailPoint') return undefined;
  const first = Object.values(body)[0];
  return server.failPoints.enterCommand({
    names: [command.name, ...(command.aliases ?? [])],
    applicationName: connection.applicationName,
    namespace: typeof first === 'string' ? `${database}.${first}` : undefined,
  });
}

async function dispatchSlowly(
  operation: Operation,
  command: Command,
  failure: CommandFailure | undefined,
): Promise<Outcome> {
  try {
    if (failure !== undefined && failure.blockMs > 0) {
      await operation.interruption.race(operation.server.clock.sleep(failure.blockMs));
    }
    if (failure?.closeConnection === true) {
      conclude(operation);
      return { reply: {}, closeConnection: true, exhaust: false };
    }
    if (failure?.error !== undefined) throw failure.error;
    prepare(operation);
  } catch (thrown) {
    return fail(operation, thrown, failure);
  }
  return afterSession(operation, command, failure);
}

/** Waits until no other command has the session, then runs. */
async function afterSession(
  operation: Operation,
  command: Command,
  failure: CommandFailure | undefined,
): Promise<Outcome> {
  try {
    while (operation.body['txnNumber'] !== undefined && operation.session?.busy !== undefined) {
      await operation.interruption.race(operation.session.busy);
    }
    operation.interruption.throwIfInterrupted();
    enterSession(operation);
    const reply = run(operation, command);
    return await succeed(
      operation,
      reply instanceof Promise ? await occupySession(operation, reply) : reply,
      failure,
    );
  } catch (thrown) {
    return fail(operation, thrown, failure);
  }
}

/** Others with a transaction number on the session wait until `reply` is there. */
function occupySession(operation: Operation, reply: Promise<Document>): Promise<Document> {
  const { session } = operation;
  if (session === undefined || operation.body['txnNumber'] === undefined) return reply;
  const busy = reply.then(
    () => undefined,
    () => undefined,
  );
  session.busy = busy;
  return reply.finally(() => {
    if (session.busy === busy) session.busy = undefined;
  });
}

function succeed(
  operation: Operation,
  reply: Document,
  failure: CommandFailure | undefined,
): Outcome | Promise<Outcome> {
  const waiting = awaitWriteConcern(operation);
  if (waiting === undefined) return complete(operation, reply, failure, undefined);
  return waiting.then(
    (writeConcernError) => complete(operation, reply, failure, writeConcernError),
    (thrown: unknown) => fail(operation, thrown, failure),
  );
}

function complete(
  operation: Operation,
  reply: Document,
  failure: CommandFailure | undefined,
  waitError: Document | undefined,
): Outcome {
  const { command, exhaust } = operation;
  const writeConcernError =
    command.writeConcern === true ? (failure?.writeConcernError ?? waitError) : undefined;
  if (writeConcernError !== undefined) {
    reply['writeConcernError'] = writeConcernError;
    const labels = failure?.labels ?? errorLabels(operation, 0, numberOf(writeConcernError['code']));
    if (labels.length > 0) reply['errorLabels'] = [...labels];
  }
  conclude(operation);
  finishReply(operation, reply);
  return { reply, closeConnection: operation.closesConnection, exhaust };
}

function fail(operation: Operation, thrown: unknown, failure: CommandFailure | undefined): Outcome {
  const error = asMongoError(thrown);
  const isInjected = failure?.error !== undefined && failure.error === error;
  const { transaction, session, server } = operation;
  if (transaction !== undefined && session !== undefined) abortTransaction(server, session, transaction);
  const labels = isInjected && failure.labels !== undefined ? failure.labels : labelsOf(operation, error);
  conclude(operation);
  const reply = errorReply(server, error, labels);
  return { reply, closeConnection: operation.closesConnection, exhaust: false };
}

function labelsOf(subject: LabelSubject, error: MongoError): string[] {
  return [...new Set([...error.labels, ...errorLabels(subject, error.code, undefined)])];
}

function conclude(operation: Operation): void {
  operation.server.operations.delete(operation);
  operation.close();
}

function finishReply({ operationTime, server }: Operation, reply: Document): void {
  reply['ok'] ??= okDouble;
  reply['$clusterTime'] = server.clusterClock.clusterTime();
  reply['operationTime'] = operationTime ?? server.clusterClock.operationTime;
}

function errorReply(server: ServerState, error: MongoError, labels: readonly string[]): Document {
  return {
    ...(labels.length > 0 ? { errorLabels: [...labels] } : {}),
    ok: notOkDouble,
    errmsg: error.message,
    code: error.code,
    codeName: error.codeName,
    ...error.fields,
    $clusterTime: server.clusterClock.clusterTime(),
    operationTime: server.clusterClock.operationTime,
  };
}
