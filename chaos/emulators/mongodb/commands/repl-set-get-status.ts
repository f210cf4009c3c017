/** replSetGetStatus: the replica set as its one member sees it. */
import { Long } from 'bson';
import type { Command } from './command.ts';

export const replSetGetStatus: Command = {
  name: 'replSetGetStatus',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['initialSync'],
  run: ({ server }) => {
    const { member, clusterClock, clock, host, port, startedAtMs } = server;
    const term = Long.fromNumber(member.term);
    const optime = { ts: clusterClock.operationTime, t: term };
    const optimeDate = new Date(clusterClock.operationTime.getHighBitsUnsigned() * 1000);
    const state = member.isPrimary ? 1 : 2;
    return {
      set: member.setName,
      date: new Date(clock.nowMs()),
      myState: state,
      term,
      heartbeatIntervalMillis: Long.fromNumber(2000),
      majorityVoteCount: 1,
      writeMajorityCount: 1,
      votingMembersCount: 1,
      writableVotingMembersCount: 1,
      optimes: {
        lastCommittedOpTime: optime,
        readConcernMajorityOpTime: optime,
        appliedOpTime: optime,
        durableOpTime: optime,
      },
      members: [
        {
          _id: 0,
          name: `${host}:${port}`,
          health: 1,
          state,
          stateStr: member.isPrimary ? 'PRIMARY' : 'SECONDARY',
          uptime: Math.floor((clock.nowMs() - startedAtMs) / 1000),
          optime,
          optimeDate,
          ...(member.isPrimary ? { electionDate: new Date(member.electionAtMs) } : {}),
          configVersion: 1,
          configTerm: member.term,
          self: true,
        },
      ],
    };
  },
};
