/** Every command there is, in alphabetical order. How to add one: docs/embedded-mongodb.md. */
import { abortTransaction } from './abort-transaction.ts';
import { aggregate } from './aggregate.ts';
import { testDeprecation, testVersion2 } from './api-test-commands.ts';
import { buildInfo } from './build-info.ts';
import { bulkWrite } from './bulk-write.ts';
import { collMod } from './coll-mod.ts';
import { convertToCapped } from './convert-to-capped.ts';
import type { Command } from './command.ts';
import { commitTransaction } from './commit-transaction.ts';
import { configureFailPoint } from './configure-fail-point.ts';
import { connectionStatus } from './connection-status.ts';
import { count } from './count.ts';
import { create } from './create.ts';
import { createIndexes } from './create-indexes.ts';
import { currentOp } from './current-op.ts';
import { deleteCommand } from './delete.ts';
import { distinct } from './distinct.ts';
import { drop } from './drop.ts';
import { dropDatabase } from './drop-database.ts';
import { dropIndexes } from './drop-indexes.ts';
import { endSessions } from './end-sessions.ts';
import { explain } from './explain.ts';
import { find } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { fsync } from './fsync.ts';
import { getMore } from './get-more.ts';
import { hello, isMaster } from './hello.ts';
import { getCmdLineOpts, getLog, hostInfo } from './host-info.ts';
import { insert } from './insert.ts';
import { killCursors } from './kill-cursors.ts';
import { killOp } from './kill-op.ts';
import { killAllSessions, killAllSessionsByPattern, killSessions } from './kill-sessions.ts';
import { listCollections } from './list-collections.ts';
import { listCommands } from './list-commands.ts';
import { listDatabases } from './list-databases.ts';
import { listIndexes } from './list-indexes.ts';
import { getParameter, setParameter } from './parameters.ts';
import { ping } from './ping.ts';
import { renameCollection } from './rename-collection.ts';
import { replSetFreeze } from './repl-set-freeze.ts';
import { replSetGetConfig } from './repl-set-get-config.ts';
import { replSetGetStatus } from './repl-set-get-status.ts';
import { replSetStepDown } from './repl-set-step-down.ts';
import { replSetStepUp } from './repl-set-step-up.ts';
import { createSearchIndexes, dropSearchIndex, updateSearchIndex } from './search-indexes.ts';
import { authenticate, logout, saslContinue, saslStart } from './sasl.ts';
import { serverStatus } from './server-status.ts';
import { refreshSessions, startSession } from './start-session.ts';
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
import { whatsMyUri } from './whats-my-uri.ts';

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
