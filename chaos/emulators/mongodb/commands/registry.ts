/** Every command there is, in alphabetical order. How to add one: docs/embedded-mongodb.md. */
import { abortTransaction, commitTransaction } from './transaction-commands.ts';
import { aggregate } from './aggregate.ts';
import {
  buildInfo,
  configureFailPoint,
  connectionStatus,
  createSearchIndexes,
  dropSearchIndex,
  fsync,
  getCmdLineOpts,
  getLog,
  hostInfo,
  killOp,
  listCommands,
  ping,
  testDeprecation,
  testVersion2,
  updateSearchIndex,
  whatsMyUri,
} from './diagnostic-commands.ts';
import { bulkWrite } from './bulk-write.ts';
import { collMod } from './coll-mod.ts';
import { convertToCapped } from './convert-to-capped.ts';
import type { Command } from './command.ts';
import { count } from './count.ts';
import { create } from './create.ts';
import { createIndexes } from './create-indexes.ts';
import { currentOp } from './current-op.ts';
import { deleteCommand } from './delete.ts';
import { distinct } from './distinct.ts';
import { drop } from './drop.ts';
import { dropDatabase } from './drop-database.ts';
import { dropIndexes } from './drop-indexes.ts';
import {
  endSessions,
  killAllSessions,
  killAllSessionsByPattern,
  killSessions,
  refreshSessions,
  startSession,
} from './session-commands.ts';
import { explain } from './explain.ts';
import { find } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { getMore } from './get-more.ts';
import { hello, isMaster } from './hello.ts';
import { insert } from './insert.ts';
import { killCursors } from './kill-cursors.ts';
import { listCollections } from './list-collections.ts';
import { listDatabases } from './list-databases.ts';
import { listIndexes } from './list-indexes.ts';
import { getParameter, setParameter } from './parameters.ts';
import { renameCollection } from './rename-collection.ts';
import {
  replSetFreeze,
  replSetGetConfig,
  replSetGetStatus,
  replSetStepDown,
  replSetStepUp,
} from './replica-set-commands.ts';
import { authenticate, logout, saslContinue, saslStart } from './sasl.ts';
import { serverStatus } from './server-status.ts';
import { collStats, dbStats } from './statistics.ts';
import { update } from './update.ts';
import {
  createUser,
  dropAllUsersFromDatabase,
  dropUser,
  grantRolesToUser,
  revokeRolesFromUser,
  rolesInfo,
  updateUser,
  usersInfo,
} from './users.ts';

export const commands: readonly Command[] = [
  abortTransaction,
  aggregate,
  authenticate,
  buildInfo,
  bulkWrite,
  collMod,
  collStats,
  commitTransaction,
  configureFailPoint,
  connectionStatus,
  convertToCapped,
  count,
  create,
  createIndexes,
  createSearchIndexes,
  createUser,
  currentOp,
  dbStats,
  deleteCommand,
  distinct,
  drop,
  dropAllUsersFromDatabase,
  dropDatabase,
  dropIndexes,
  dropSearchIndex,
  dropUser,
  endSessions,
  explain,
  find,
  findAndModify,
  fsync,
  getCmdLineOpts,
  getLog,
  getMore,
  getParameter,
  grantRolesToUser,
  hello,
  hostInfo,
  insert,
  isMaster,
  killAllSessions,
  killAllSessionsByPattern,
  killCursors,
  killOp,
  killSessions,
  listCollections,
  listCommands,
  listDatabases,
  listIndexes,
  logout,
  ping,
  refreshSessions,
  renameCollection,
  replSetFreeze,
  replSetGetConfig,
  replSetGetStatus,
  replSetStepDown,
  replSetStepUp,
  revokeRolesFromUser,
  rolesInfo,
  saslContinue,
  saslStart,
  serverStatus,
  setParameter,
  startSession,
  testDeprecation,
  testVersion2,
  update,
  updateSearchIndex,
  updateUser,
  usersInfo,
  whatsMyUri,
];

/** By name and alias. */
export const commandsByName: ReadonlyMap<string, Command> = new Map(
  commands.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command])),
);
