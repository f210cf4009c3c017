/** replSetFreeze: 0 ends the time in which this member does not stand for election; a lone member then is elected. */
import { MongoError } from '../errors.ts';
import type { Command } from './command.ts';

export const replSetFreeze: Command = {
  name: 'replSetFreeze',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: [],
  run: ({ arguments: given, server }) => {
    const seconds = given.number('replSetFreeze') ?? 0;
    if (server.member.isPrimary) {
      throw new MongoError(
        'NotSecondary',
        'cannot freeze node when primary or running for election. state: Primary',
      );
    }
    if (seconds === 0) server.member.elect();
    return seconds === 0 ? { info: 'unfreezing' } : {};
  },
};
