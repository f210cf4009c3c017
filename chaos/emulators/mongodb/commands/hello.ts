/** hello: what this server is, what it can, and (when asked to wait) when that changes. */
import { Long, ObjectId } from 'bson';
import { MongoError, locationError } from '../errors.ts';
import { isDocument, numberOf } from '../query/bson-value.ts';
import { sessionTimeoutMinutes } from '../sessions/session-store.ts';
import type { Document } from '../storage/contract.ts';
import { maxMessageBytes } from '../wire/frame-reader.ts';
import type { Command } from './command.ts';
import { documentBytesMax } from './incoming-document.ts';
import type { Operation } from './operation.ts';
import { speculativeReply } from './sasl.ts';
import { writeBatchMax } from './write-batch.ts';

const wireVersionMax = 21;

export const hello: Command = {
  name: 'hello',
  kind: 'administration',
  inTransaction: false,
  run: (operation) => reply(operation, 'isWritablePrimary'),
};

export const isMaster: Command = {
  name: 'isMaster',
  aliases: ['ismaster'],
  kind: 'administration',
  inTransaction: false,
  run: (operation) => reply(operation, 'ismaster'),
};

function reply(operation: Operation, primaryField: string): Document | Promise<Document> {
  const { connection, body, server } = operation;
  if (isDocument(body['client'])) connection.clientMetadata ??= body['client'];
  const given = body['topologyVersion'];
  const awaitMs = body['maxAwaitTimeMS'];
  if ((given === undefined) !== (awaitMs === undefined)) {
    throw locationError(
      31368,
      "A request with a 'topologyVersion' must include 'maxAwaitTimeMS' and the other way round",
    );
  }
  if (given === undefined) return describe(operation, primaryField);
  if (!isDocument(given)) throw new MongoError('TypeMismatch', 'topologyVersion must be a document');
  operation.exhaust = operation.exhaustAllowed;
  const isCurrent =
    given['processId'] instanceof ObjectId &&
    given['processId'].equals(server.member.processId) &&
    (numberOf(given['counter']) ?? -1) >= server.member.topologyCounter;
  if (!isCurrent) return describe(operation, primaryField);
  return awaitChange(operation, numberOf(awaitMs) ?? 0).then(() => describe(operation, primaryField));
}

async function awaitChange(operation: Operation, awaitMs: number): Promise<void> {
  const { clock, member } = operation.server;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _change = member.onChange(resolve);
  using _timer = clock.timer(awaitMs, resolve);
  await operation.interruption.race(promise);
}

function describe(operation: Operation, primaryField: string): Document {
  const { body, connection, server } = operation;
  const { member, host, port, clusterClock } = server;
  const address = `${host}:${port}`;
  const lastWrite = { ts: clusterClock.operationTime, t: Long.fromNumber(member.term) };
  const lastWriteDate = new Date(clusterClock.operationTime.getHighBitsUnsigned() * 1000);
  return {
    ...(body['helloOk'] === true ? { helloOk: true } : {}),
    topologyVersion: { processId: member.processId, counter: Long.fromNumber(member.topologyCounter) },
    hosts: [address],
    setName: member.setName,
    setVersion: 1,
    [primaryField]: member.isPrimary,
    secondary: !member.isPrimary,
    ...(member.isPrimary ? { primary: address } : {}),
    me: address,
    ...(member.isPrimary ? { electionId: member.electionId } : {}),
    lastWrite: {
      opTime: lastWrite,
      lastWriteDate,
      majorityOpTime: lastWrite,
      majorityWriteDate: lastWriteDate,
    },
    maxBsonObjectSize: documentBytesMax,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: writeBatchMax,
    localTime: new Date(server.clock.nowMs()),
    logicalSessionTimeoutMinutes: sessionTimeoutMinutes,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: wireVersionMax,
    readOnly: false,
    ...supportedMechanisms(operation),
    ...speculativeReply(operation),
  };
}

/** `saslSupportedMechs: 'db.user'` asks how this user can log in. */
function supportedMechanisms({ body, server }: Operation): Document {
  const asked = body['saslSupportedMechs'];
  if (typeof asked !== 'string') return {};
  const user = server.users.find(asked.slice(0, asked.indexOf('.')), asked.slice(asked.indexOf('.') + 1));
  return user === undefined ? {} : { saslSupportedMechs: Object.keys(user.credentials) };
}
