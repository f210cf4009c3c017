/** MongoDB's Stable API, version 1: what a client that declares `apiStrict` may use. */
import { MongoError, locationError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Operation } from './operation.ts';

const stableCommands: ReadonlySet<string> = new Set([
  'abortTransaction',
  'aggregate',
  'authenticate',
  'bulkWrite',
  'collMod',
  'commitTransaction',
  'count',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'endSessions',
  'explain',
  'find',
  'findAndModify',
  'getMore',
  'hello',
  'insert',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'refreshSessions',
  'saslContinue',
  'saslStart',
  'testDeprecation',
  'update',
]);

const unstableFields: Readonly<Record<string, readonly string[]>> = {
  create: ['autoIndexId', 'capped', 'indexOptionDefaults', 'max', 'size', 'storageEngine'],
  find: [
    'awaitData',
    'max',
    'min',
    'noCursorTimeout',
    'oplogReplay',
    'returnKey',
    'showRecordId',
    'tailable',
  ],
};
const unstableIndexFields = ['background', 'bucketSize', 'sparse', 'storageEngine'];
const unstableStages: ReadonlySet<string> = new Set([
  '$currentOp',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$planCacheStats',
  '$search',
]);

/** @throws MongoError APIVersionError, APIStrictError. */
export function checkStableApi(operation: Operation): void {
  const { arguments: given, body, command, server } = operation;
  if (body['apiVersion'] === undefined) {
    if (body['apiStrict'] !== undefined || body['apiDeprecationErrors'] !== undefined) {
      throw locationError(
        4_886_600,
        'Provided values for apiStrict or apiDeprecationErrors require apiVersion to be specified as well',
      );
    }
    if (server.parameters.get('requireApiVersion') === true && body['autocommit'] !== false) {
      throw new MongoError(
        'APIVersionError',
        'The apiVersion parameter is required, please configure your MongoClient to send it',
      );
    }
    return;
  }
  const version = given.string('apiVersion');
  if (version !== '1') throw new MongoError('APIVersionError', `API version must be "1", got: ${version}`);
  if (!given.boolean('apiStrict')) return;
  if (!stableCommands.has(command.name)) {
    throw strictError(`the command ${command.name} is not in API Version 1`);
  }
  const field = unstableFields[command.name]?.find((name) => isAskedFor(body[name]));
  if (field !== undefined) throw strictError(`the field ${command.name}.${field} is not in API Version 1`);
  if (command.name === 'createIndexes') checkIndexes(body['indexes']);
  if (command.name === 'aggregate') checkPipeline(body['pipeline']);
}

function isAskedFor(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function checkIndexes(indexes: unknown): void {
  if (!Array.isArray(indexes)) return;
  for (const index of indexes as readonly unknown[]) {
    if (!isDocument(index)) continue;
    const field = unstableIndexFields.find((name) => isAskedFor(index[name]));
    const kinds = isDocument(index['key']) ? Object.values(index['key']) : [];
    if (field !== undefined) throw strictError(`the index option ${field} is not in API Version 1`);
    if (kinds.includes('text')) throw strictError('text indexes are not in API Version 1');
  }
}

function checkPipeline(pipeline: unknown): void {
  if (!Array.isArray(pipeline)) return;
  for (const stage of pipeline as readonly unknown[]) {
    const [name = ''] = isDocument(stage) ? Object.keys(stage) : [];
    const operand = isDocument(stage) ? stage[name] : undefined;
    const isStatistics =
      name === '$collStats' && isDocument(operand) && Object.keys(operand).some((field) => field !== 'count');
    if (unstableStages.has(name) || isStatistics) throw strictError(`stage ${name} is not in API Version 1`);
  }
}

function strictError(reason: string): MongoError {
  return new MongoError('APIStrictError', `Provided apiStrict:true, but ${reason}`);
}
