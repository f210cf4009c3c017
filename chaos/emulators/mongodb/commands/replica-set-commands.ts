/** Commands on the replica set of one member: its state and configuration, step-downs and elections. */
import { MongoError } from '../errors.ts';
import { stepDown } from '../replication/step-down.ts';
import type { Command } from './command.ts';
import { Long, ObjectId } from 'bson';

/** replSetGetStatus: the replica set as its one member sees it. */
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

const defaultSeconds = 60;

export const replSetStepDown: Command = {
  name: 'replSetStepDown',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['secondaryCatchUpPeriodSecs', 'force'],
  run: (operation) => {
    const seconds = operation.arguments.number('replSetStepDown') ?? defaultSeconds;
    if (seconds < 0) throw new MongoError('BadValue', 'stepdown period must be a positive integer');
    const catchUp = operation.arguments.number('secondaryCatchUpPeriodSecs') ?? Math.min(10, seconds);
    if (catchUp > seconds) {
      throw new MongoError('BadValue', 'stepdown period must be longer than secondaryCatchUpPeriodSecs');
    }
    stepDown(operation.server, seconds);
    return {};
  },
};

/** replSetStepUp: this member stands for election at once, and as the only one wins it. */
export const replSetStepUp: Command = {
  name: 'replSetStepUp',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['skipDryRun'],
  run: ({ server }) => {
    server.member.elect();
    return {};
  },
};

/** replSetFreeze: 0 ends the time in which this member does not stand for election; a lone member then is elected. */
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
