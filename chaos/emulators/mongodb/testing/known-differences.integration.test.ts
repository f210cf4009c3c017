/** The list of known differences is true: what it names is refused, and nothing else of MongoDB's is unknown. */
import { EJSON } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsByName } from '../commands/registry.ts';
import { readKnownDifferences } from '../compat/differences.ts';
import { RawClient } from './raw-client.ts';
import { startTestServer } from './start.ts';
import type { TestServer } from './start.ts';

const { features } = readKnownDifferences();

/** Commands by which services and their tools use MongoDB 7; administration of clusters and of storage is not among them. */
const usedCommands =
  'abortTransaction aggregate authenticate buildInfo bulkWrite collMod collStats commitTransaction connectionStatus convertToCapped count create createIndexes createRole createSearchIndexes createUser currentOp dbStats delete distinct drop dropAllUsersFromDatabase dropDatabase dropIndexes dropUser endSessions explain find findAndModify fsync getCmdLineOpts getLog getMore getParameter grantRolesToUser hello hostInfo insert isMaster killAllSessions killCursors killOp killSessions listCollections listCommands listDatabases listIndexes logout mapReduce ping refreshSessions renameCollection replSetGetConfig replSetGetStatus replSetStepDown revokeRolesFromUser rolesInfo saslContinue saslStart serverStatus setParameter shardCollection startSession update updateUser usersInfo whatsmyuri'.split(
    ' ',
  );

/** Stages of MongoDB 7 that a replica set without a search service has. */
const usedStages =
  '$addFields $bucket $bucketAuto $collStats $count $densify $documents $facet $fill $geoNear $graphLookup $group $indexStats $limit $listSessions $lookup $match $merge $out $planCacheStats $project $redact $replaceRoot $replaceWith $sample $set $setWindowFields $skip $sort $sortByCount $unionWith $unset $unwind'.split(
    ' ',
  );

describe('the known differences of the embedded MongoDB', () => {
  let started: TestServer;
  let raw: RawClient;

  beforeAll(async () => {
    started = await startTestServer();
    raw = await RawClient.connect(started.server.port);
    await raw.command('admin', { insert: 'c', documents: [{ a: 1 }] });
  });

  afterAll(async () => {
    await raw[Symbol.asyncDispose]();
    await started[Symbol.asyncDispose]();
  });

  it.each(features)('$name is refused with $code', async ({ request, code }) => {
    const reply = await raw.command('admin', EJSON.deserialize(request));
    expect(reply).toMatchObject({ code });
  });

  it('name every command that a service may use and the server does not have', () => {
    const listed = new Set(
      features.filter(({ code }) => code === 59).map(({ request }) => Object.keys(request)[0]),
    );
    const missing = usedCommands.filter((name) => !commandsByName.has(name));
    expect(missing.toSorted()).toEqual([...listed].toSorted());
  });

  it('name every stage that the server does not have', async () => {
    const missing: string[] = [];
    for (const stage of usedStages) {
      const reply = await raw.command('admin', { aggregate: 'c', pipeline: [{ [stage]: {} }], cursor: {} });
      if (reply['code'] === 40324 || reply['code'] === 115) missing.push(stage);
    }
    expect(missing).toEqual(features.map(({ name }) => name).filter((name) => usedStages.includes(name)));
  });
});
