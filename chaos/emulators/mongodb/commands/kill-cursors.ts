/** killCursors: closes cursors by their ids. */
import { Long } from 'bson';
import { cursorIdOf } from './cursor-id.ts';
import type { Command } from './command.ts';

export const killCursors: Command = {
  name: 'killCursors',
  kind: 'administration',
  inTransaction: true,
  fields: ['cursors'],
  run: (operation) => {
    const { server } = operation;
    const cursorsKilled: Long[] = [];
    const cursorsNotFound: Long[] = [];
    for (const value of operation.arguments.array('cursors') ?? []) {
      const id = cursorIdOf(value, 'killCursors.cursors');
      const isKnown = server.cursors.close(id);
      (isKnown ? cursorsKilled : cursorsNotFound).push(Long.fromBigInt(id));
    }
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  },
};
