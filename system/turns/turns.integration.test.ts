import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { performAction } from '../actions/perform-action.ts';
import { cacheKeys, leaseKey } from '../cache/keys.ts';
import { systemClock } from '../clock.ts';
import { hireGeneral } from '../compound/hire-general.ts';
import { runCompound } from '../compound/run-compound.ts';
import { Deadline } from '../deadline.ts';
import { drawFencingToken } from '../lock/fence.ts';
import { lockKeys } from '../lock/keys.ts';
import { readFresh } from '../store/world-reads.ts';
import { seededRandom } from '../random.ts';
import type { System } from '../system.ts';
import { collectLogs } from '../testing/collect-logs.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import type { SpawnedProcess } from '../testing/spawned-process.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { processTurn, type TurnResult } from './process-turn.ts';

let stack: TestStack;
let system: System;
let sync: SpawnedProcess;

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  sync = await startProcess(stack, 'db-sync');
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await sync[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function turn(sessionId: string, number: number, by: System = system): Promise<TurnResult> {
  using deadline = new Deadline(by.clock, 50_000);
  return await processTurn(by.turns, sessionId, number, deadline);
}

async function hire(sessionId: string, name: string): Promise<void> {
  using deadline = new Deadline(system.clock, 15_000);
  const price = { nation: 1, gold: 1, population: 1 };
  await runCompound(
    system.compound,
    {
      sessionId,
      request: { operation: 'hire', name },
      locks: [],
      body: (unit) => hireGeneral(unit, system.collections, { sessionId, name, ...price }),
    },
    deadline,
  );
}

/** Every entity had every turn once, the log has no gap, and no turn is under way. */
async function expectTurnsTookEffectOnce(sessionId: string): Promise<number> {
  const { city, general, nation, session } = system.collections.entities;
  const current = await readFresh(session, sessionId);
  expect(current?.turn_started).toBeNull();
  const turns = current?.turn ?? -1;
  for (const collection of [city, general, nation]) {
    const counted = await collection.documents.countDocuments({ session_id: sessionId });
    const right = await collection.documents.countDocuments({
      session_id: sessionId,
      turns_lived: turns,
      last_turn: turns,
    });
    expect(right).toBe(counted);
  }
  const log = await system.collections.turnLog.find({ session_id: sessionId }).sort({ turn: 1 }).toArray();
  expect(log.map((entry) => entry.turn)).toEqual(Array.from({ length: turns }, (_, index) => index + 1));
  return turns;
}

describe('processTurn', () => {
  it('brings a turn to every entity once, however often it is asked for', async () => {
    await plantTestWorld(system, 'once', { generals: 120, cities: 20, nations: 3 });
    const asked = await Promise.all(Array.from({ length: 8 }, () => turn('once', 1)));
    expect(asked.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
    expect(await turn('once', 1)).toEqual({ outcome: 'already', currentTurn: 1 });
    expect(await turn('once', 2)).toEqual({ outcome: 'applied', currentTurn: 2 });
    await expect(turn('once', 4)).rejects.toMatchObject({ code: 'turn_not_due' });
    expect(await expectTurnsTookEffectOnce('once')).toBe(2);
  });

  it('shows the new turn in the cache when it answers', async () => {
    await plantTestWorld(system, 'seen');
    await system.reads.getSession('seen');
    await system.reads.getGeneralByNo('seen', 1);
    await system.reads.listGenerals('seen');
    await turn('seen', 1);
    expect((await system.reads.getSession('seen'))?.turn).toBe(1);
    expect((await system.reads.getGeneralByNo('seen', 1))?.last_turn).toBe(1);
    expect((await system.reads.listGenerals('seen')).every((general) => general.last_turn === 1)).toBe(true);
    await using other = await openTestSystem(stack);
    expect((await other.reads.getSession('seen'))?.turn).toBe(1);
  });

  it('outlasts MongoDB being away for a moment, without a take-over', async () => {
    await using slow = await openTestSystem(stack, { TURN_CHUNK_SIZE: '5' });
    await plantTestWorld(system, 'outage', { generals: 500 });
    const drawn = vi.spyOn(slow.collections.fences, 'findOneAndUpdate');
    const turning = turn('outage', 1, slow);
    turning.catch(() => undefined);
    await eventually('it has begun', async () => {
      const session = await readFresh(system.collections.entities.session, 'outage');
      return session?.turn_started !== null;
    });
    await stack.mongo.kill();
    await system.clock.sleep(500);
    await stack.mongo.restart();
    expect((await readFresh(system.collections.entities.session, 'outage'))?.turn).toBe(0);
    expect(await turning).toEqual({ outcome: 'applied', currentTurn: 1 });
    expect(await expectTurnsTookEffectOnce('outage')).toBe(1);
    expect(drawn).toHaveBeenCalledOnce();
    drawn.mockRestore();
  });

  it('is skipped while another holds the lock', async () => {
    await plantTestWorld(system, 'held');
    await system.redis.set(lockKeys.turn('held'), 'another', 'EX', 600);
    const { logger, lines } = collectLogs();
    using deadline = new Deadline(system.clock, 15_000);
    const skipped = await processTurn({ ...system.turns, logger }, 'held', 1, deadline);
    expect(skipped).toEqual({ outcome: 'skipped', currentTurn: 0 });
    expect(lines).toEqual([
      expect.objectContaining({ msg: expect.stringContaining('turn skipped'), sessionId: 'held', turn: 1 }),
    ]);
    await system.redis.del(lockKeys.turn('held'));
  });

  it('counts the turns of generals that are hired at any point of a turn', async () => {
    await using slow = await openTestSystem(stack, { TURN_CHUNK_SIZE: '5' });
    await plantTestWorld(system, 'hiring', { generals: 60 });
    let number = 0;
    const hiring = (async () => {
      while (number < 5) await hire('hiring', `newcomer after turn ${number}`);
    })();
    while (number < 5) {
      const { currentTurn } = await turn('hiring', number + 1, slow);
      number = currentTurn;
    }
    await hiring;
    expect(await expectTurnsTookEffectOnce('hiring')).toBe(5);
    const generals = system.collections.entities.general.documents;
    expect(await generals.countDocuments({ session_id: 'hiring' })).toBeGreaterThan(65);
  });

  it('shuts the holder before it out of everything before it writes the first thing itself', async () => {
    await plantTestWorld(system, 'handed-on', { generals: 8 });
    const { city, general, nation, session } = system.collections.entities;
    const older = await drawFencingToken(system.collections, lockKeys.turn('handed-on'));
    const begun = { turn_started: { turn: 1, token: older, by: 'killed' } };
    await session.documents.updateOne({ _id: 'handed-on' }, { $set: begun });
    const open: number[] = [];
    const saves = new Proxy(system.turns.saves, {
      get: (target, name) => {
        if (name !== 'saveSession') return Reflect.get(target, name, target).bind(target);
        return async (...args: Parameters<typeof target.saveSession>) => {
          const filter = { session_id: 'handed-on', turn_fence: { $lte: older } };
          for (const { documents } of [city, general, nation])
            open.push(await documents.countDocuments(filter));
          return await target.saveSession(...args);
        };
      },
    });
    using deadline = new Deadline(system.clock, 15_000);
    await processTurn({ ...system.turns, saves }, 'handed-on', 1, deadline);
    expect(open.length).toBeGreaterThan(0);
    expect(new Set(open)).toEqual(new Set([0]));
  });

  it('schedules the next turn by the clock of the database', async () => {
    await plantTestWorld(system, 'ahead', { generals: 3, turnPeriodMs: 60_000 });
    const { session } = system.collections.entities;
    const due = (await readFresh(session, 'ahead'))?.next_turn_at.getTime() ?? Number.NaN;
    const hourAhead = { ...systemClock, nowMs: () => systemClock.nowMs() + 3_600_000 };
    const parts = { ...system.turns, clock: hourAhead };
    using deadline = new Deadline(system.clock, 15_000);
    await processTurn(parts, 'ahead', 1, deadline);
    const next = (await readFresh(session, 'ahead'))?.next_turn_at.getTime() ?? Number.NaN;
    expect(next - due).toBeLessThanOrEqual(60_000);
  });

  it('lets no reader who was at the database before it fill the cache after it', async () => {
    await plantTestWorld(system, 'lagging', { generals: 3 });
    const { general } = system.collections.entities;
    const key = cacheKeys.general('lagging', 'lagging:g1');
    const before = await readFresh(general, 'lagging:g1');
    const gate = Promise.withResolvers<typeof before>();
    const reading = system.cache.getOrLoad(key, general.codec, () => gate.promise);
    await eventually('the lease is taken', async () => (await system.redis.exists(leaseKey(key))) === 1);
    await turn('lagging', 1);
    gate.resolve(before);
    expect((await reading)?.last_turn).toBe(0);
    expect(await system.redis.get(key)).toBeNull();
  });

  it('loses no action that is made meanwhile', async () => {
    await plantTestWorld(system, 'busy', { generals: 40 });
    const stop = new AbortController();
    let actions = 0;
    const players = Array.from({ length: 8 }, async (_, player) => {
      while (!stop.signal.aborted) {
        using deadline = new Deadline(system.clock, 10_000);
        const request = {
          sessionId: 'busy',
          no: player + 1,
          command: { command: 'train', amount: 1 } as const,
        };
        await performAction(system.actions, { ...request, idempotencyKey: system.random.uuid() }, deadline);
        actions += 1;
      }
    });
    for (let number = 1; number <= 5; number += 1) await turn('busy', number);
    stop.abort();
    await Promise.all(players);
    expect(await expectTurnsTookEffectOnce('busy')).toBe(5);
    const generals = await system.collections.entities.general.documents
      .find({ session_id: 'busy' })
      .toArray();
    expect(generals.reduce((sum, general) => sum + general.action_count, 0)).toBe(actions);
    expect(generals.every(({ version }, _at) => version >= 6)).toBe(true);
  });
});

describe('a turn that was begun and not ended', () => {
  /** What a processor leaves behind that was killed after it had brought the turn to some. */
  async function abandon(sessionId: string, number: number): Promise<number> {
    const token = await drawFencingToken(system.collections, lockKeys.turn(sessionId));
    const before = await readFresh(system.collections.entities.session, sessionId);
    if (before === null) throw new Error('the session is there');
    using deadline = new Deadline(system.clock, 10_000);
    const after = { ...before, turn_started: { turn: number, token, by: 'killed' } };
    await system.saves.saveSession({ before, after }, { deadline, fence: token });
    for (const no of [1, 2, 3]) await bringTurn(sessionId, no, number, token);
    return token;
  }

  async function bringTurn(sessionId: string, no: number, number: number, token: number): Promise<void> {
    const before = await readFresh(system.collections.entities.general, `${sessionId}:g${no}`);
    if (before === null) throw new Error('the general is there');
    using deadline = new Deadline(system.clock, 10_000);
    const after = { ...before, turns_lived: before.turns_lived + 1, last_turn: number };
    await system.saves.saveGeneral({ before, after }, { deadline, fence: token });
  }

  it('is completed by the next processor, with no effect lost or doubled', async () => {
    await plantTestWorld(system, 'left', { generals: 10 });
    await abandon('left', 1);
    expect(await turn('left', 1)).toEqual({ outcome: 'applied', currentTurn: 1 });
    expect(await expectTurnsTookEffectOnce('left')).toBe(1);
  });

  it('is out of reach for the one who began it, once another has taken over', async () => {
    await plantTestWorld(system, 'robbed', { generals: 10 });
    const token = await abandon('robbed', 1);
    await turn('robbed', 1);
    await expect(bringTurn('robbed', 9, 2, token)).rejects.toMatchObject({ code: 'fenced' });
    expect(await expectTurnsTookEffectOnce('robbed')).toBe(1);
  });

  it('is shut out as soon as another has taken over, before that one has reached every entity', async () => {
    await plantTestWorld(system, 'reached', { generals: 10 });
    const token = await abandon('reached', 1);
    const stuck = {
      saveSession: system.saves.saveSession.bind(system.saves),
      saveAll: () => Promise.reject(new Error('the new one gets stuck')),
    };
    using deadline = new Deadline(system.clock, 15_000);
    const parts = { ...system.turns, saves: stuck as unknown as System['saves'] };
    await expect(processTurn(parts, 'reached', 1, deadline)).rejects.toMatchObject({
      code: 'turn_incomplete',
      definite: false,
    });
    await expect(bringTurn('reached', 9, 1, token)).rejects.toMatchObject({ code: 'fenced' });
    expect(await turn('reached', 1)).toMatchObject({ outcome: 'applied' });
    expect(await expectTurnsTookEffectOnce('reached')).toBe(1);
  });

  it('leaves cache and database in agreement after the take-over', async () => {
    await plantTestWorld(system, 'agree', { generals: 10 });
    for (const no of [1, 5]) await system.reads.getGeneralByNo('agree', no);
    await abandon('agree', 1);
    await turn('agree', 1);
    const { codec } = system.collections.entities.general;
    for (const no of [1, 5]) {
      const cached = await system.redis.get(`general:byNo:agree:${no}`);
      if (cached === null) continue;
      expect(codec.decode(cached)).toEqual(
        await readFresh(system.collections.entities.general, `agree:g${no}`),
      );
    }
    await using other = await openTestSystem(stack);
    expect(await other.reads.getGeneralByNo('agree', 1)).toEqual(
      await readFresh(system.collections.entities.general, 'agree:g1'),
    );
  });
});

describe('turn-processors', () => {
  const environment = { TURN_LOCK_TTL_SECONDS: '1', TURN_CHUNK_SIZE: '25' };
  const worlds = ['p1', 'p2', 'p3'];
  // A long campaign: TURN_TROUBLES=60.
  const troubles = Number(process.env['TURN_TROUBLES'] ?? 4);

  it('process every due turn once, while they are killed, paused and robbed of their locks', async () => {
    const random = seededRandom('processors');
    for (const world of worlds) await plantTestWorld(system, world, { generals: 150, turnPeriodMs: 200 });
    const processors = await Promise.all(
      [0, 1].map(() => startProcess(stack, 'turn-processor', environment)),
    );
    try {
      for (let trouble = 0; trouble < troubles; trouble += 1) {
        await system.clock.sleep(random.integer(50, 400));
        const victim = random.integer(0, 1);
        const kind = random.pick(['kill', 'pause', 'rob']);
        if (kind === 'kill') {
          await processors[victim]?.[Symbol.asyncDispose]();
          processors[victim] = await startProcess(stack, 'turn-processor', environment);
        } else if (kind === 'pause') {
          processors[victim]?.signal('SIGSTOP');
          await system.clock.sleep(1_500);
          processors[victim]?.signal('SIGCONT');
        } else {
          await system.redis.del(...worlds.map(lockKeys.turn)).catch(() => 0);
        }
      }
      for (const processor of processors) expect(await processor.end('SIGTERM')).toBe(0);
    } finally {
      for (const processor of processors) await processor[Symbol.asyncDispose]();
    }
    for (const world of worlds) {
      await eventually('the lock of a killed processor is free', async () => {
        return (await system.redis.exists(lockKeys.turn(world))) === 0;
      });
      const session = await readFresh(system.collections.entities.session, world);
      await turn(world, (session?.turn ?? 0) + 1);
      expect(await expectTurnsTookEffectOnce(world)).toBeGreaterThan(2);
    }
  }, 300_000);

  it('show a heartbeat while they live', async () => {
    await using processor = await startProcess(stack, 'turn-processor', { INSTANCE_ID: 'beating' });
    const names = async () => await system.redis.zrange('daemons:heartbeats', '0', '-1');
    await eventually('it beats', async () => (await names()).includes('turn-processor/beating'));
    expect(await processor.end('SIGTERM')).toBe(0);
    expect(await names()).not.toContain('turn-processor/beating');
  });
});
