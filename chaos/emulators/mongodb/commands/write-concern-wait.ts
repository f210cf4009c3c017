/** Holds a reply back until what its write concern (or a majority read) promises is true. */
import { MongoError, asMongoError } from '../errors.ts';
import type { Document } from '../storage/contract.ts';
import { Interruption } from '../interruption.ts';
import type { Operation } from './operation.ts';

const durableReads = new Set(['majority', 'linearizable', 'snapshot']);

/** undefined when there is nothing to wait for; otherwise the write concern error, if there is one. */
export function awaitWriteConcern(operation: Operation): Promise<Document | undefined> | undefined {
  const { command, readConcern, server, transaction, writeConcern } = operation;
  if (transaction !== undefined) return undefined;
  if (command.kind === 'read' && readConcern.level !== undefined && durableReads.has(readConcern.level)) {
    return server.engine.flush().then(() => undefined);
  }
  if (command.writeConcern !== true) return undefined;
  const unsatisfiable = unsatisfiableError(operation);
  if (unsatisfiable !== undefined) return Promise.resolve(unsatisfiable);
  if (!writeConcern.durable) return undefined;
  return awaitDurable(operation, operation.durable ?? server.engine.flush());
}

function unsatisfiableError({ writeConcern: { w } }: Operation): Document | undefined {
  if (typeof w === 'string' && w !== 'majority') {
    return errorDocument(
      new MongoError(
        'UnknownReplWriteConcern',
        `No write concern mode named '${w}' found in replica set configuration`,
      ),
    );
  }
  if (typeof w === 'number' && w > 1) {
    return errorDocument(new MongoError('UnsatisfiableWriteConcern', 'Not enough data-bearing nodes'));
  }
  return undefined;
}

function awaitDurable(operation: Operation, durable: Promise<void>): Promise<Document | undefined> {
  const { timeoutMs } = operation.writeConcern;
  if (timeoutMs > 0) return awaitInTime(operation, durable, timeoutMs);
  return operation.interruption.race(durable).then(
    () => undefined,
    (thrown: unknown) => errorDocument(asMongoError(thrown)),
  );
}

async function awaitInTime(
  operation: Operation,
  durable: Promise<void>,
  timeoutMs: number,
): Promise<Document | undefined> {
  const { clock } = operation.server;
  const timeout = new Interruption();
  using _timer = clock.timer(timeoutMs, () => timeout.interrupt(timeoutError()));
  try {
    await timeout.race(operation.interruption.race(durable));
    return undefined;
  } catch (thrown) {
    return errorDocument(asMongoError(thrown));
  }
}

function timeoutError(): MongoError {
  return new MongoError('WriteConcernFailed', 'waiting for replication timed out', {
    errInfo: { wtimeout: true },
  });
}

function errorDocument(error: MongoError): Document {
  return { code: error.code, codeName: error.codeName, errmsg: error.message, ...error.fields };
}
