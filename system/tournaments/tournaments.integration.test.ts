import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { performAction } from '../actions/perform-action.ts';
import { Deadline } from '../deadline.ts';
import type { System } from '../system.ts';
import { ApiClient } from '../testing/api-client.ts';
import { auditWorld, countGold } from '../testing/audit-world.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';

let stack: TestStack;
let system: System;
let api: ApiClient;

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  api = await ApiClient.start(stack);
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function plant(world: string, battleDurationMs: number): Promise<number> {
  await plantTestWorld(system, world, { generals: 12, tournaments: 2, battleDurationMs });
  return await countGold(system, world);
}

const allOver = async (world: string) => {
  const filter = { session_id: world, $or: [{ status: 'running' as const }, { 'rewards.paid': false }] };
  return (await system.collections.tournaments.documents.countDocuments(filter)) === 0;
};

describe('POST …/rounds/:round', () => {
  it('decides a round once and pays each reward once, however often it is asked for', async () => {
    const gold = await plant('t1', 3_600_000);
    const path = '/api/sessions/t1/tournaments/1/rounds';
    const asked = await Promise.all([1, 1, 1, 1].map((round) => api.post(`${path}/${round}`)));
    expect(asked.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
    expect(await api.post(`${path}/1`)).toMatchObject({
      status: 200,
      outcome: 'already',
      data: { round: 1, currentRound: 1, owed: 0 },
    });
    expect(await api.post(`${path}/3`)).toMatchObject({
      status: 409,
      error: { code: 'round_not_due', field: 'round' },
    });
    expect(await api.post(`${path}/2`)).toMatchObject({ outcome: 'applied' });
    expect(await auditWorld(system, 't1', gold)).toEqual([]);
  });

  it('pays everyone but a general whose document is damaged, and that one once it is repaired', async () => {
    const gold = await plant('t4', 3_600_000);
    const generals = system.collections.entities.general.documents;
    const odd = Array.from({ length: 6 }, (_, index) => `t4:g${2 * index + 1}`);
    const golds = await generals.find({ _id: { $in: odd } }).toArray();
    await generals.updateMany({ _id: { $in: odd } }, { $set: { gold: 'much' } } as object);
    const path = '/api/sessions/t4/tournaments/1/rounds/1';
    const { status, error } = await api.post(path);
    expect([status, error?.code]).toEqual([500, 'document_damaged']);
    const { rewards = [] } = (await system.collections.tournaments.documents.findOne({ _id: 't4:t1' })) ?? {};
    expect(rewards.length).toBeGreaterThan(0);
    for (const { no, paid } of rewards) expect([no, paid]).toEqual([no, no % 2 === 0]);
    const unpaid = rewards.filter(({ paid }) => !paid);
    expect(unpaid.length).toBeGreaterThan(1);
    for (const { no } of unpaid) expect(error?.message).toContain(`t4:g${no} `);
    for (const { _id, gold: had } of golds) await generals.updateOne({ _id }, { $set: { gold: had } });
    expect(await api.post(path)).toMatchObject({ outcome: 'already', data: { owed: 0 } });
    expect(await auditWorld(system, 't4', gold)).toEqual([]);
  });

  it.each([
    ['/api/sessions/t1/tournaments/9/rounds/1', 404, 'tournament_unknown'],
    ['/api/sessions/t1/tournaments/1/rounds/0', 400, 'bad_request'],
    ['/api/sessions/t1/tournaments/a b/rounds/1', 400, 'bad_request'],
  ])('answers %s with %d %s', async (path, status, code) => {
    expect(await api.post(path)).toMatchObject({ status, error: { code } });
  });
});

describe('tournament-processors', () => {
  it('bring tournaments to their end, killed and in the company of busy players', async () => {
    const gold = await plant('t2', 100);
    const stop = new AbortController();
    const players = Array.from({ length: 4 }, async (_, player) => {
      while (!stop.signal.aborted) {
        using deadline = new Deadline(system.clock, 5_000);
        const request = {
          sessionId: 't2',
          no: player + 1,
          command: { command: 'train', amount: 1 } as const,
        };
        await performAction(system.actions, { ...request, idempotencyKey: system.random.uuid() }, deadline);
      }
    });
    const short = { TOURNAMENT_LOCK_TTL_SECONDS: '1' };
    await using _steady = await startProcess(stack, 'tournament-processor', short);
    for (let kill = 0; kill < 2; kill += 1) {
      await using _victim = await startProcess(stack, 'tournament-processor', short);
      await system.clock.sleep(150);
    }
    await eventually('all are over and paid', () => allOver('t2'));
    stop.abort();
    await Promise.all(players);
    expect(await auditWorld(system, 't2', gold)).toEqual([]);
  });

  it('pay what a killed one had paid and not marked, without paying it again', async () => {
    const gold = await plant('t3', 3_600_000);
    await api.post('/api/sessions/t3/tournaments/1/rounds/1');
    const id = 't3:t1';
    const before = await system.collections.tournaments.documents.findOne({ _id: id });
    const [reward] = before?.rewards ?? [];
    if (before === null || reward === undefined) throw new Error('there was a reward');
    await system.collections.tournaments.documents.updateOne(
      { _id: id },
      {
        $set: {
          rewards: [{ ...reward, paid: false }, ...before.rewards.slice(1)],
          pool: before.pool + reward.gold,
        },
      },
    );
    expect(await auditWorld(system, 't3', gold)).not.toEqual([]);
    expect(await api.post('/api/sessions/t3/tournaments/1/rounds/1')).toMatchObject({
      outcome: 'already',
      data: { owed: 0 },
    });
    expect(await auditWorld(system, 't3', gold)).toEqual([]);
  });
});
