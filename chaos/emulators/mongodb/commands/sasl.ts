/** saslStart, saslContinue, logout: how a client logs in and out. */
import { Binary } from 'bson';
import type { AuthenticationStep } from '../auth/authentication.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Operation } from './operation.ts';

export const saslStart: Command = {
  name: 'saslStart',
  kind: 'administration',
  inTransaction: false,
  fields: ['mechanism', 'payload', 'options', 'autoAuthorize', 'db'],
  run: (operation) => reply(start(operation, operation.arguments, operation.database)),
};

export const saslContinue: Command = {
  name: 'saslContinue',
  kind: 'administration',
  inTransaction: false,
  fields: ['conversationId', 'payload'],
  run: ({ arguments: given, connection }) => {
    if (given.number('conversationId') !== conversationId) {
      throw new MongoError('ProtocolError', 'sasl: Mismatched conversation id');
    }
    return reply(connection.authentication.continue(payloadOf(given)));
  },
};

export const logout: Command = {
  name: 'logout',
  kind: 'administration',
  inTransaction: false,
  fields: [],
  run: ({ connection, database }) => {
    connection.authentication.logOut(database);
    return {};
  },
};

/** Certificates tell this server nothing about users. */
export const authenticate: Command = {
  name: 'authenticate',
  kind: 'administration',
  inTransaction: false,
  run: ({ body }) => {
    throw new MongoError(
      'MechanismUnavailable',
      `Received authentication for mechanism ${String(body['mechanism'])} which is not supported by the embedded MongoDB`,
    );
  },
};

const conversationId = 1;

/** The first step of a login, also where hello brings it along. @throws MongoError AuthenticationFailed. */
function start(operation: Operation, given: Arguments, database: string): AuthenticationStep {
  const options = given.documentField('options') ?? {};
  return operation.connection.authentication.start(
    database,
    given.requiredString('mechanism'),
    payloadOf(given),
    options['skipEmptyExchange'] === true,
  );
}

/** The reply's `speculativeAuthenticate`; a login that fails is left out, and the client tries again by itself. */
export function speculativeReply(operation: Operation): Document {
  const asked = operation.body['speculativeAuthenticate'];
  if (!isDocument(asked) || !('saslStart' in asked)) return {};
  const given = new Arguments(asked, 'saslStart');
  try {
    return { speculativeAuthenticate: reply(start(operation, given, given.string('db') ?? 'admin')) };
  } catch (thrown) {
    if (thrown instanceof MongoError) return {};
    throw thrown;
  }
}

function payloadOf(given: Arguments): Buffer {
  const payload = given.get('payload');
  if (typeof payload === 'string') return Buffer.from(payload, 'base64');
  if (payload instanceof Binary) return Buffer.from(payload.buffer.subarray(0, payload.position));
  throw new MongoError(
    'TypeMismatch',
    "The 'payload' of a SASL step must be binary data or a base 64 string",
  );
}

function reply({ payload, isDone }: AuthenticationStep): Document {
  return { conversationId, done: isDone, payload: new Binary(payload, 0) };
}
