/** Checks what every command may carry (concerns, session, transaction number, time limit) and where it may run. */
import { Binary, Timestamp } from 'bson';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, typeNameOf } from '../query/bson-value.ts';
import { integerOf } from '../numbers/number-type.ts';
import { abortTransaction, enterTransaction, refuseOld, takeNumber } from '../sessions/transactions.ts';
import { authorize } from '../auth/authorization.ts';
import type { Document } from '../storage/contract.ts';
import { Arguments } from './arguments.ts';
import { genericFields } from './command-traits.ts';
import { parseReadConcern, parseWriteConcern } from './concerns.ts';
import type { Operation } from './operation.ts';
import { checkStableApi } from './stable-api.ts';
import { isViewOptions, viewError } from './views.ts';

const transactionLevels = ['local', 'majority', 'snapshot'];
const endsTransaction = new Set(['abortTransaction', 'commitTransaction']);

export function prepare(operation: Operation): void {
  const { body, command, server } = operation;
  refuseUnknownFields(operation);
  checkStableApi(operation);
  const isRefusedAnyway = body['autocommit'] === false && !command.inTransaction;
  if (command.adminOnly === true && operation.database !== 'admin' && !isRefusedAnyway) {
    throw new MongoError('Unauthorized', `${command.name} may only be run against the admin database.`);
  }
  if (body['help'] !== undefined) throw new MongoError('CommandNotSupported', 'help is not supported');
  const clusterTime = body['$clusterTime'];
  if (isDocument(clusterTime) && clusterTime['clusterTime'] instanceof Timestamp) {
    server.clusterClock.advance(clusterTime['clusterTime']);
  }
  if (body['lsid'] !== undefined) operation.session = server.sessions.get(sessionIdOf(body['lsid']));
  authorize(operation);
  prepareConcerns(operation);
  refuseView(operation);
  refuseOnSecondary(operation);
  const maxTimeMs = operation.arguments.number('maxTimeMS');
  if (maxTimeMs !== undefined && (maxTimeMs < 0 || maxTimeMs > 0x7fffffff)) {
    throw new MongoError('BadValue', `${maxTimeMs} value for maxTimeMS is out of range`);
  }
  if (maxTimeMs !== undefined && !Number.isInteger(maxTimeMs)) {
    throw new MongoError('FailedToParse', 'maxTimeMS has non-integral value');
  }
  if (maxTimeMs !== undefined && maxTimeMs > 0 && server.failPoints.timesOut()) {
    throw new MongoError('MaxTimeMSExpired', 'operation exceeded time limit');
  }
  if (maxTimeMs !== undefined && maxTimeMs > 0 && command.name !== 'getMore') operation.limitTime(maxTimeMs);
}

function notInTransaction(name: string): MongoError {
  return new MongoError(
    'OperationNotSupportedInTransaction',
    `Cannot run '${name}' in a multi-document transaction.`,
  );
}

/** After the session is free for this command. */
export function enterSession(operation: Operation): void {
  const { body, command, server, session } = operation;
  const number = transactionNumberOf(body['txnNumber']);
  const autocommit = flagOf(body, 'autocommit');
  const starts = flagOf(body, 'startTransaction');
  if (number === undefined) {
    if (autocommit !== undefined || starts !== undefined) {
      throw new MongoError(
        'InvalidOptions',
        "'autocommit' and 'startTransaction' fields require a transaction number",
      );
    }
    return;
  }
  if (session === undefined)
    throw new MongoError('InvalidOptions', 'Transaction number requires a session ID to also be specified');
  if (autocommit === undefined) {
    if (starts !== undefined) {
      throw new MongoError(
        'InvalidOptions',
        "'startTransaction' field requires 'autocommit' field to also be specified",
      );
    }
    enterRetryableWrite(operation, number);
    return;
  }
  if (autocommit !== false)
    throw new MongoError('InvalidOptions', 'Specifying autocommit=true is not allowed.');
  if (starts !== undefined && starts !== true) {
    throw new MongoError('InvalidOptions', 'Specifying startTransaction=false is not allowed.');
  }
  if (endsTransaction.has(command.name)) {
    refuseOld(session, number);
    return;
  }
  if (!command.inTransaction) {
    const transaction = session.transactionNumber === number ? session.transaction : undefined;
    if (transaction !== undefined) abortTransaction(server, session, transaction);
    throw notInTransaction(command.name);
  }
  const level = operation.readConcern.level;
  if (level !== undefined && !transactionLevels.includes(level)) {
    throw new MongoError(
      'InvalidOptions',
      `The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction`,
    );
  }
  if (starts === true && command.name === 'killCursors') {
    throw new MongoError(
      'OperationNotSupportedInTransaction',
      'Cannot run killCursors as the first operation in a multi-document transaction.',
    );
  }
  operation.transaction = enterTransaction(server, session, {
    number,
    starts: starts === true,
    readConcernLevel: level,
  });
}

function enterRetryableWrite(operation: Operation, number: bigint): void {
  const { command, server, session } = operation;
  if (session === undefined) return;
  if (command.retryable !== true) {
    throw locationError(
      50768,
      `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${command.name} is not a retryable write command.`,
    );
  }
  refuseOld(session, number);
  if (number > session.transactionNumber) takeNumber(server, session, number);
  else if (session.transaction !== undefined) {
    throw new MongoError(
      'ConflictingOperationInProgress',
      `txnNumber ${number} on session ${session.id} is that of a transaction`,
    );
  }
  operation.retryNumber = number;
}

function refuseUnknownFields({ command, body, arguments: given }: Operation): void {
  if (command.fields === undefined) return;
  const own = Object.keys(body)[0];
  for (const name of Object.keys(body)) {
    if (name === own || genericFields.has(name) || command.fields.includes(name)) continue;
    throw locationError(40415, `BSON field '${given.owner}.${name}' is an unknown field.`);
  }
}

function prepareConcerns(operation: Operation): void {
  const { body, command } = operation;
  const inTransaction = body['autocommit'] === false;
  if (body['writeConcern'] !== undefined && body['writeConcern'] !== null) {
    operation.writeConcern = parseWriteConcern(body['writeConcern']);
    if (command.writeConcern !== true) {
      throw new MongoError('InvalidOptions', 'Command does not support writeConcern');
    }
    if (inTransaction && !endsTransaction.has(command.name)) {
      throw new MongoError(
        'InvalidOptions',
        'writeConcern is not allowed within a multi-statement transaction',
      );
    }
  }
  operation.readConcern = parseReadConcern(body['readConcern']);
  const { level, afterClusterTime } = operation.readConcern;
  if (body['readConcern'] === undefined || body['readConcern'] === null) return;
  if (inTransaction && body['startTransaction'] !== true) {
    throw new MongoError(
      'InvalidOptions',
      'Only the first command in a transaction may specify a readConcern',
    );
  }
  if (level !== undefined && !inTransaction) {
    const allowed = command.readConcernLevels ?? (level === 'local' ? ['local'] : []);
    if (!allowed.includes(level)) {
      throw new MongoError(
        'InvalidOptions',
        `Command ${command.name} does not support { readConcern: { level: "${level}", provenance: "clientSupplied" } } :: caused by :: read concern not supported`,
      );
    }
  }
  if (afterClusterTime?.greaterThan(operation.server.clusterClock.now()) === true) {
    throw new MongoError(
      'InvalidOptions',
      'readConcern afterClusterTime value must not be greater than the current clusterTime',
    );
  }
}

/** @throws MongoError CommandNotSupportedOnView. */
function refuseView(operation: Operation): void {
  const { body, command, server } = operation;
  if (command.refusesViews !== true || typeof Object.values(body)[0] !== 'string') return;
  const { namespace } = operation;
  if (isViewOptions(server.engine.identity(namespace)?.options)) throw viewError(namespace);
}

function refuseOnSecondary({ body, command, server }: Operation): void {
  if (server.member.isPrimary || command.kind === 'administration') return;
  if (command.kind === 'write' || body['autocommit'] === false) {
    throw new MongoError('NotWritablePrimary', 'not primary');
  }
  const preference = body['$readPreference'];
  const mode = isDocument(preference) ? preference['mode'] : undefined;
  if (mode === undefined || mode === 'primary') {
    throw new MongoError('NotPrimaryNoSecondaryOk', 'not primary and secondaryOk=false');
  }
}

const sessionFields = new Set(['id', 'txnNumber', 'txnUUID', 'uid']);

/** @throws MongoError for an lsid that is none. */
export function sessionIdOf(value: unknown): string {
  if (!isDocument(value)) {
    throw new MongoError(
      'TypeMismatch',
      `BSON field 'OperationSessionInfo.lsid' is the wrong type '${typeNameOf(value)}', expected type 'object'`,
    );
  }
  const given = new Arguments(value, 'LogicalSessionFromClient');
  given.refuseUnknown(sessionFields);
  const id = value['id'];
  if (id === undefined || id === null) {
    throw locationError(40414, "BSON field 'OperationSessionInfo.lsid.id' is missing but a required field");
  }
  if (!(id instanceof Binary) || id.sub_type !== Binary.SUBTYPE_UUID) {
    throw new MongoError(
      'TypeMismatch',
      `BSON field 'OperationSessionInfo.lsid.id' is the wrong type '${typeNameOf(id)}', expected type 'UUID'`,
    );
  }
  if (id.length() !== 16)
    throw new MongoError('InvalidUUID', 'uuid must be a 16-byte binary field with UUID (4) subtype');
  return Buffer.from(id.buffer.buffer, id.buffer.byteOffset, 16).toString('hex');
}

function flagOf(body: Document, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new MongoError(
    'TypeMismatch',
    `BSON field 'OperationSessionInfo.${name}' is the wrong type '${typeNameOf(value)}', expected type 'bool'`,
  );
}

function transactionNumberOf(value: unknown): bigint | undefined {
  if (value === undefined || value === null) return undefined;
  const type = typeNameOf(value);
  if (type !== 'long') {
    throw new MongoError(
      'TypeMismatch',
      `BSON field 'OperationSessionInfo.txnNumber' is the wrong type '${type}', expected type 'long'`,
    );
  }
  const number = integerOf(value);
  if (number < 0n) throw new MongoError('InvalidOptions', 'Transaction number cannot be negative');
  return number;
}
