/** Two and three instances of every daemon at once, each killed and paused at random, with players at work: every invariant holds at rest. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { syncKeys } from '../cache/keys.ts';
import { Deadline } from '../deadline.ts';
import { lockKeys } from '../lock/keys.ts';
import { readFresh } from '../store/world-reads.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import type { System } from '../system.ts';
import { processTurn } from '../turns/process-turn.ts';
import { ApiClient } from './api-client.ts';
import { auditTurns } from './audit-turns.ts';
import { auditWorld, countGold } from './audit-world.ts';
import { eventually } from './eventually.ts';
import { openTestSystem, plantTestWorld } from './open-test-system.ts';
import { StormCrew } from './storm-crew.ts';
import { StormPlayers } from './storm-players.ts';
import { startTestStack, type TestStack } from './test-stack.ts';

// A long campaign: STORM_SECONDS=60, and another one: STORM_SEED=….
const stormMs = Number(process.env['STORM_SECONDS'] ?? 10) * 1_000;
const seed = process.env['STORM_SEED'] ?? 'storm';
const restGuardMs = 90_000;
const size = { generals: 40, cities: 12, nations: 4, items: 6, battles: 8, relations: 4, tournaments: 2 };
/** When the battles end, and the time of a round of a tournament, in parts of the storm: there is always something due. */
const contests = { early: 0.1, middle: 0.3, late: 0.6 };
const doomedNation = 3;
const turnsMin = 3;
const environment = {
  AUCTION_SETTLEMENT_LOCK_TTL_SECONDS: '1',
  BATTLE_LOCK_TTL_SECONDS: '1',
  NATION_LOCK_TTL_SECONDS: '1',
  OCCUPATION_LOCK_TTL_SECONDS: '1',
  TOURNAMENT_LOCK_TTL_SECONDS: '1',
  TURN_CHUNK_SIZE: '10',
  TURN_LOCK_TTL_SECONDS: '1',
};

let stack: TestStack;
let system: System;
let api: ApiClient;

beforeEach(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  // What a killed daemon leaves open would lock its documents for a minute, the server's own limit.
  await system.database.db?.admin().command({ setParameter: 1, transactionLifetimeLimitSeconds: 10 });
  api = await ApiClient.start(stack);
});

afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

interface World {
  readonly id: string;
  readonly gold: number;
  readonly players: StormPlayers;
}

async function plant(id: string, part: number, random: SeededRandom): Promise<World> {
  const battleDurationMs = Math.round(stormMs * part);
  await plantTestWorld(system, id, { ...size, turnPeriodMs: 500, battleDurationMs });
  const players = new StormPlayers({ api, system, random, clock: system.clock, world: id, size });
  return { id, gold: await countGold(system, id), players };
}

/** Turn-processors are stopped: as long as they run, there is always something in the queue. */
async function restOf(worlds: readonly World[], crew: StormCrew): Promise<void> {
  const session_id = { $in: worlds.map(({ id }) => id) };
  const { auctions, battles, tournaments } = system.collections;
  let left: Readonly<Record<string, number>> = {};
  const isAtRest = async () => {
    const owing = [{ status: 'running' as const }, { 'rewards.paid': false }];
    left = {
      auctions: await auctions.documents.countDocuments({ session_id, status: 'open' }),
      battles: await battles.documents.countDocuments({ session_id, status: 'running' }),
      tournaments: await tournaments.documents.countDocuments({ session_id, $or: owing }),
      queue: await system.redis.xlen(syncKeys.stream),
    };
    return Object.values(left).every((count) => count === 0);
  };
  await eventually('the world is at rest', isAtRest, restGuardMs).catch((cause: unknown) => {
    throw new Error([`left over: ${JSON.stringify(left)}`, ...crew.complaints].join('\n'), { cause });
  });
}

/** A turn that was begun when the processors were stopped is ended, as the API would. */
async function endTurn(sessionId: string): Promise<void> {
  await eventually('the lock of the turn is free', async () => {
    return (await system.redis.exists(lockKeys.turn(sessionId))) === 0;
  });
  const session = await readFresh(system.collections.entities.session, sessionId);
  using deadline = new Deadline(system.clock, 15_000);
  await processTurn(system.turns, sessionId, (session?.turn ?? 0) + 1, deadline);
}

/** Acknowledged actions and hires that are missing or doubled. */
async function auditMemory({ id, players }: World): Promise<readonly string[]> {
  const generals = await system.collections.entities.general.documents.find({ session_id: id }).toArray();
  const broken: string[] = [];
  for (const { no, action_count } of generals) {
    const trained = players.trained.get(no) ?? 0;
    if (action_count !== trained) broken.push(`general ${no} acted ${action_count} times, not ${trained}`);
  }
  for (const { name, hired } of players.hires) {
    const times = generals.filter((each) => each.name === name).length;
    const right = hired === null ? times <= 1 : times === Number(hired);
    if (!right) broken.push(`${name} is there ${times} times, hired: ${hired}`);
  }
  return broken;
}

it.each([2, 3])(
  'leaves every rule of the world whole with %d instances of each daemon',
  async (instances) => {
    const random = seededRandom(`${seed}/${instances}`);
    await using crew = await StormCrew.start({
      stack,
      clock: system.clock,
      random: random.fork('crew'),
      instances,
      environment,
    });
    const worlds: World[] = [];
    for (const [name, part] of Object.entries(contests)) {
      worlds.push(await plant(`${name}${instances}`, part, random.fork(name)));
    }
    const stop = new AbortController();
    const playing = worlds.map(({ players }) => players.play(2, stop.signal));
    const doom = system.clock.sleep(stormMs / 2).then(() => worlds[0]?.players.destroy(doomedNation));
    // Looked at below; until then a failure must not end the run.
    for (const work of [...playing, doom]) work.catch(() => undefined);
    await crew.rage(stormMs);
    await eventually('every world had some turns, however busy the machine', async () => {
      const { session } = system.collections.entities;
      const found = await Promise.all(worlds.map(({ id }) => readFresh(session, id)));
      return found.every((each) => (each?.turn ?? 0) >= turnsMin);
    });
    stop.abort();
    expect((await doom)?.status).toBe(200);
    await Promise.all(playing);
    expect(new Set(await crew.stop('turn-processor'))).toEqual(new Set([0]));
    await restOf(worlds, crew);
    expect(new Set(await crew.stop())).toEqual(new Set([0]));

    for (const world of worlds) {
      await endTurn(world.id);
      const { turns, broken } = await auditTurns(system, world.id);
      expect(broken).toEqual([]);
      expect(await auditWorld(system, world.id, world.gold)).toEqual([]);
      expect(await auditMemory(world)).toEqual([]);
      // There was something to break.
      expect(turns).toBeGreaterThanOrEqual(turnsMin);
      const { auctions, hires, trained } = world.players;
      expect([auctions, hires.filter(({ hired }) => hired).length, trained.size].every(Boolean)).toBe(true);
      process.stderr.write(
        `${world.id}: ${JSON.stringify({ turns, auctions, hires: hires.length, trained: [...trained.values()].reduce((sum, times) => sum + times, 0) })}\n`,
      );
    }
    for (const { kills, pauses } of crew.record) expect(Math.min(kills, pauses)).toBeGreaterThan(0);
    process.stderr.write(`${JSON.stringify(crew.record)}\n`);
  },
  stormMs + 300_000,
);
