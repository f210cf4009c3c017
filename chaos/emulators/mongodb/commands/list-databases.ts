/** listDatabases: the databases that have collections. */
import { compileFilter } from '../query/matcher.ts';
import { visibleDatabases } from '../auth/authorization.ts';
import type { Command } from './command.ts';

/** Databases every MongoDB has. */
const always = ['admin', 'config', 'local'];

export const listDatabases: Command = {
  name: 'listDatabases',
  kind: 'read',
  inTransaction: false,
  adminOnly: true,
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run: (operation) => {
    const { arguments: given, environment, server } = operation;
    const isVisible = visibleDatabases(operation);
    const matches = compileFilter(given.documentField('filter') ?? {}, environment);
    const names = [...new Set([...always, ...server.engine.databases()])].toSorted();
    const databases = names
      .filter((name) => isVisible === undefined || isVisible(name))
      .map((name) => {
        const bytes = server.engine
          .collections(name)
          .reduce((sum, { namespace }) => sum + server.engine.statistics(namespace).bytes, 0);
        return {
          name,
          sizeOnDisk: bytes,
          empty: bytes === 0 && server.engine.collections(name).length === 0,
        };
      })
      .filter((document) => matches(document));
    if (given.boolean('nameOnly')) return { databases: databases.map(({ name }) => ({ name })) };
    const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
    return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 1024 / 1024) };
  },
};
