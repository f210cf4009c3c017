/** Every command there is, in alphabetical order. How to add one: docs/embedded-mongodb.md. */
import { abortTransaction } from './abort-transaction.ts';
import { aggregate } from './aggregate.ts';
import { buildInfo } from './build-info.ts';
import type { Command } from './command.ts';
import { commitTransaction } from './commit-transaction.ts';
import { configureFailPoint } from './configure-fail-point.ts';
import { count } from './count.ts';
import { create } from './create.ts';
import { createIndexes } from './create-indexes.ts';
import { deleteCommand } from './delete.ts';
import { distinct } from './distinct.ts';
import { drop } from './drop.ts';
import { dropDatabase } from './drop-database.ts';
import { dropIndexes } from './drop-indexes.ts';
import { endSessions } from './end-sessions.ts';
import { find } from './find.ts';
import { findAndModify } from './find-and-modify.ts';
import { getMore } from './get-more.ts';
import { hello, isMaster } from './hello.ts';
import { insert } from './insert.ts';
import { killCursors } from './kill-cursors.ts';
import { killAllSessions, killSessions } from './kill-sessions.ts';
import { listCollections } from './list-collections.ts';
import { listDatabases } from './list-databases.ts';
import { listIndexes } from './list-indexes.ts';
import { ping } from './ping.ts';
import { renameCollection } from './rename-collection.ts';
import { update } from './update.ts';

export const commands: readonly Command[] = [
  abortTransaction,
  aggregate,
  buildInfo,
  commitTransaction,
  configureFailPoint,
  count,
  create,
  createIndexes,
  deleteCommand,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  endSessions,
  find,
  findAndModify,
  getMore,
  hello,
  insert,
  isMaster,
  killAllSessions,
  killCursors,
  killSessions,
  listCollections,
  listDatabases,
  listIndexes,
  ping,
  renameCollection,
  update,
];

const byName = new Map(
  commands.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command])),
);

export function findCommand(name: string): Command | undefined {
  return byName.get(name);
}
