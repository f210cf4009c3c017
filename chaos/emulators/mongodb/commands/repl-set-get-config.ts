/** replSetGetConfig: the configuration of the replica set of one. */
import { Long, ObjectId } from 'bson';
import type { Command } from './command.ts';

const replicaSetId = new ObjectId('7fffffff0000000000000000');

export const replSetGetConfig: Command = {
  name: 'replSetGetConfig',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  run: ({ server: { host, member, port } }) => ({
    config: {
      _id: member.setName,
      version: 1,
      term: member.term,
      members: [
        {
          _id: 0,
          host: `${host}:${port}`,
          arbiterOnly: false,
          buildIndexes: true,
          hidden: false,
          priority: 1,
          tags: {},
          secondaryDelaySecs: Long.ZERO,
          votes: 1,
        },
      ],
      protocolVersion: Long.ONE,
      writeConcernMajorityJournalDefault: true,
      settings: {
        chainingAllowed: true,
        heartbeatIntervalMillis: 2000,
        heartbeatTimeoutSecs: 10,
        electionTimeoutMillis: 10_000,
        catchUpTimeoutMillis: -1,
        getLastErrorModes: {},
        getLastErrorDefaults: { w: 1, wtimeout: 0 },
        replicaSetId,
      },
    },
  }),
};
