/** What a user must be allowed to do for each command, when the server asks for authentication. */
import type { Operation } from '../commands/operation.ts';
import { MongoError } from '../errors.ts';
import { isDocument } from '../query/bson-value.ts';
import { shellText } from '../storage/duplicate-key.ts';
import { allows, concerns } from './roles.ts';
import type { Action, Role } from './roles.ts';

/** Commands that a client needs before it has logged in. */
const beforeLogin: ReadonlySet<string> = new Set([
  'authenticate',
  'buildInfo',
  'connectionStatus',
  'hello',
  'isMaster',
  'listCommands',
  'logout',
  'ping',
  'saslContinue',
  'saslStart',
  'whatsmyuri',
]);

/** Commands for which a login is enough, or which ask for their actions themselves. */
export const commandsOpenToAll: ReadonlySet<string> = new Set([
  'abortTransaction',
  'bulkWrite',
  'commitTransaction',
  'createSearchIndexes',
  'dropSearchIndex',
  'listCollections',
  'listDatabases',
  'rolesInfo',
  'updateSearchIndex',
  'usersInfo',
]);

export function demandedActions(command: string): readonly Action[] | undefined {
  return needed[command];
}

/** Any one of the actions will do. */
const needed: Readonly<Record<string, readonly Action[]>> = {
  aggregate: ['read'],
  collMod: ['write', 'dbAdmin'],
  collStats: ['read', 'dbAdmin', 'monitor'],
  configureFailPoint: ['manage'],
  convertToCapped: ['write', 'dbAdmin'],
  count: ['read'],
  create: ['write', 'dbAdmin'],
  createIndexes: ['write', 'dbAdmin'],
  createUser: ['userAdmin'],
  currentOp: ['monitor'],
  dbStats: ['read', 'dbAdmin', 'monitor'],
  delete: ['write'],
  distinct: ['read'],
  drop: ['write', 'dbAdmin'],
  dropAllUsersFromDatabase: ['userAdmin'],
  dropDatabase: ['dbAdmin'],
  dropIndexes: ['write', 'dbAdmin'],
  dropUser: ['userAdmin'],
  explain: ['read'],
  find: ['read'],
  findAndModify: ['write'],
  fsync: ['manage'],
  getCmdLineOpts: ['monitor'],
  getLog: ['monitor'],
  getParameter: ['monitor', 'manage'],
  grantRolesToUser: ['userAdmin'],
  hostInfo: ['monitor', 'manage'],
  insert: ['write'],
  killAllSessions: ['manage'],
  killOp: ['manage'],
  listIndexes: ['read', 'dbAdmin'],
  renameCollection: ['write', 'dbAdmin'],
  replSetFreeze: ['manage'],
  replSetGetConfig: ['monitor', 'manage'],
  replSetGetStatus: ['monitor', 'manage'],
  replSetStepDown: ['manage'],
  replSetStepUp: ['manage'],
  revokeRolesFromUser: ['userAdmin'],
  serverStatus: ['monitor', 'manage'],
  setParameter: ['manage'],
  update: ['write'],
  updateUser: ['userAdmin'],
};

/** @throws MongoError Unauthorized. */
export function authorize(operation: Operation): void {
  const { command, connection, server } = operation;
  if (!server.requiresAuthentication || beforeLogin.has(command.name)) return;
  const { user } = connection.authentication;
  if (user === undefined) {
    if (isFirstUser(operation)) return;
    throw new MongoError('Unauthorized', `Command ${command.name} requires authentication`);
  }
  if (command.name === 'listCollections' && concerns(user.roles, operation.database)) return;
  if (isOwnAccount(operation, user.user)) return;
  for (const { actions, database } of demands(operation)) {
    if (actions.length === 0 || actions.some((action) => allows(user.roles, database, action))) continue;
    const { $db: _db, lsid: _lsid, $clusterTime: _time, pwd, ...rest } = operation.body;
    const shown = pwd === undefined ? rest : { ...rest, pwd: 'xxx' };
    throw new MongoError(
      'Unauthorized',
      `not authorized on ${database} to execute command ${shellText(shown)}`,
    );
  }
}

/** The databases that a bulkWrite writes. @throws MongoError Unauthorized. */
export function authorizeWrites({ connection, server }: Operation, databases: readonly string[]): void {
  if (!server.requiresAuthentication) return;
  const roles = connection.authentication.user?.roles ?? [];
  const refused = databases.find((database) => !allows(roles, database, 'write'));
  if (refused === undefined) return;
  throw new MongoError('Unauthorized', `not authorized on ${refused} to execute command bulkWrite`);
}

/** While there are no users, one may be created from this machine, as MongoDB's localhost exception has it. */
function isFirstUser({ command, connection, database, server }: Operation): boolean {
  return command.name === 'createUser' && database === 'admin' && server.users.isEmpty && connection.isLocal;
}

function isOwnAccount({ body, command }: Operation, user: string): boolean {
  if (command.name !== 'usersInfo') return false;
  const asked = body['usersInfo'];
  return asked === user || (isDocument(asked) && asked['user'] === user);
}

interface Demand {
  readonly actions: readonly Action[];
  readonly database: string;
}

function demands({ body, command, database }: Operation): Demand[] {
  if (command.name === 'bulkWrite') return [];
  if (command.name === 'usersInfo') return [{ actions: ['userAdmin'], database }];
  const actions = needed[command.name] ?? [];
  if (command.name === 'listCollections') return [{ actions: ['read', 'dbAdmin'], database }];
  if (command.name === 'listDatabases') return [];
  const own = { actions: isSystemRead(body, database) ? (['userAdmin'] as const) : actions, database };
  return command.name === 'aggregate' ? [own, ...outputDemands(body['pipeline'], database)] : [own];
}

function isSystemRead(body: Record<string, unknown>, database: string): boolean {
  return database === 'admin' && String(Object.values(body)[0]).startsWith('system.');
}

function outputDemands(pipeline: unknown, database: string): Demand[] {
  const last: unknown = Array.isArray(pipeline) ? pipeline.at(-1) : undefined;
  if (!isDocument(last)) return [];
  const output = last['$out'] ?? last['$merge'];
  if (output === undefined) return [];
  const target = isDocument(output) ? (output['into'] ?? output) : output;
  const other = isDocument(target) && typeof target['db'] === 'string' ? target['db'] : database;
  return [{ actions: ['write'], database: other }];
}

/** Databases the user may see; undefined: all. */
export function visibleDatabases(operation: Operation): ((name: string) => boolean) | undefined {
  const { connection, server } = operation;
  if (!server.requiresAuthentication) return undefined;
  const roles: readonly Role[] = connection.authentication.user?.roles ?? [];
  if (allows(roles, 'admin', 'monitor')) return undefined;
  return (name) => concerns(roles, name);
}
