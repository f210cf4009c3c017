import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deadline } from '../deadline.ts';
import { drawFencingToken } from '../lock/fence.ts';
import { readFresh } from '../store/world-reads.ts';
import { seededRandom } from '../random.ts';
import type { System } from '../system.ts';
import { type Answer, ApiClient } from '../testing/api-client.ts';
import { auditWorld, countGold } from '../testing/audit-world.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { type CompoundOperation, runCompound } from './run-compound.ts';

const size = {
  generals: 30,
  cities: 12,
  nations: 4,
  items: 6,
  battles: 8,
  relations: 4,
  battleDurationMs: 3_600_000,
};
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

/** The gold of the new world. */
async function plant(world: string, changes: Partial<typeof size> = {}): Promise<number> {
  await plantTestWorld(system, world, { ...size, ...changes });
  return await countGold(system, world);
}

const general = async (world: string, no: number) => {
  const found = await readFresh(system.collections.entities.general, `${world}:g${no}`);
  if (found === null) throw new Error('the general is there');
  return found;
};
const nation = (world: string, number: number) =>
  readFresh(system.collections.entities.nation, `${world}:n${number}`);

function keyed(path: string, body: unknown, key: string): Promise<Answer> {
  return api.post(path, body, { 'idempotency-key': key });
}

/** A general of a nation, and a city that this nation does not own. */
async function attackerAndTarget(world: string) {
  const attacker = await system.collections.entities.general.documents.findOne({
    session_id: world,
    nation: { $gt: 0 },
  });
  if (attacker === null) throw new Error('the world has a general with a nation');
  const target = await system.collections.entities.city.documents.findOne({
    session_id: world,
    nation: { $nin: [0, attacker.nation] },
  });
  if (target === null) throw new Error('another nation has a city');
  return { attacker, target };
}

describe('occupyCity', () => {
  it('moves the city, the counts and the general together, once', async () => {
    const gold = await plant('o1');
    const { attacker, target } = await attackerAndTarget('o1');
    const path = `/api/sessions/o1/cities/${target.city}/occupy`;
    expect((await api.get(`/api/sessions/o1/cities/${target.city}`)).data).toMatchObject({
      nation: target.nation,
    });
    const before = await nation('o1', target.nation);
    const asked = await Promise.all(
      Array.from({ length: 4 }, () => api.post(path, { general: attacker.no })),
    );
    const outcomes = asked.map(({ outcome, error }) => outcome ?? error?.code);
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
    expect(await api.post(path, { general: attacker.no })).toMatchObject({ status: 200, outcome: 'already' });
    expect((await nation('o1', target.nation))?.city_count).toBe((before?.city_count ?? 0) - 1);
    expect(await general('o1', attacker.no)).toMatchObject({ city: target.city, last_action: 'occupy_city' });
    expect((await api.get(`/api/sessions/o1/cities/${target.city}`)).data).toMatchObject({
      nation: attacker.nation,
    });
    expect(await auditWorld(system, 'o1', gold)).toEqual([]);
  });

  it('is told by its key when the city was lost again meanwhile', async () => {
    const gold = await plant('o2');
    const { attacker, target } = await attackerAndTarget('o2');
    const path = `/api/sessions/o2/cities/${target.city}/occupy`;
    expect(await keyed(path, { general: attacker.no }, 'first')).toMatchObject({ outcome: 'applied' });
    const rival = await system.collections.entities.general.documents.findOne({
      session_id: 'o2',
      nation: { $nin: [0, attacker.nation] },
    });
    expect(await api.post(path, { general: rival?.no })).toMatchObject({ outcome: 'applied' });
    expect(await keyed(path, { general: attacker.no }, 'first')).toMatchObject({ outcome: 'already' });
    expect((await readFresh(system.collections.entities.city, target._id))?.nation).toBe(rival?.nation);
    expect(await keyed(path, { general: rival?.no }, 'first')).toMatchObject({
      status: 409,
      error: { code: 'idempotency_key_reused' },
    });
    expect(await auditWorld(system, 'o2', gold)).toEqual([]);
  });

  it('refuses what can not be', async () => {
    await plant('o3');
    expect(await api.post('/api/sessions/o3/cities/99/occupy', { general: 1 })).toMatchObject({
      status: 404,
      error: { code: 'city_unknown' },
    });
    expect(await api.post('/api/sessions/o3/cities/1/occupy', { general: 99 })).toMatchObject({
      status: 404,
      error: { code: 'general_unknown' },
    });
    expect(await api.post('/api/sessions/o3/cities/1/occupy', { general: 0 })).toMatchObject({
      status: 400,
      error: { field: 'general' },
    });
    const { attacker, target } = await attackerAndTarget('o3');
    await system.redis.set(`city:lock:o3:${target.city}`, 'another', 'EX', 300);
    expect(
      await api.post(`/api/sessions/o3/cities/${target.city}/occupy`, { general: attacker.no }),
    ).toMatchObject({
      status: 409,
      error: { code: 'lock_not_acquired', definite: true },
    });
  });
});

describe('occupyCity of a city that the general’s nation owns', () => {
  it('moves the general there and changes no count', async () => {
    const gold = await plant('o4');
    const { city, general: generals } = system.collections.entities;
    const mover = await generals.documents.findOne({ session_id: 'o4', nation: { $gt: 0 } });
    if (mover === null) throw new Error('the world has a general with a nation');
    await generals.documents.updateOne({ _id: mover._id }, { $set: { city: 0 } });
    const own = await city.documents.findOne({ session_id: 'o4', nation: mover.nation });
    if (own === null) throw new Error('every nation owns a city');
    const before = await nation('o4', mover.nation);
    const path = `/api/sessions/o4/cities/${own.city}/occupy`;
    expect(await api.post(path, { general: mover.no })).toMatchObject({ status: 200, outcome: 'applied' });
    expect(await general('o4', mover.no)).toMatchObject({ city: own.city, last_action: 'occupy_city' });
    expect((await api.get(`/api/sessions/o4/generals/${mover.no}`)).data).toMatchObject({ city: own.city });
    expect(await api.post(path, { general: mover.no })).toMatchObject({ status: 200, outcome: 'already' });
    expect((await nation('o4', mover.nation))?.city_count).toBe(before?.city_count);
    expect(await auditWorld(system, 'o4', gold)).toEqual([]);
  });
});

describe('destroyNation', () => {
  it('leaves a nation nothing, and it cannot gain anything afterwards', async () => {
    const gold = await plant('n1', { relations: 6 });
    const { attacker } = await attackerAndTarget('n1');
    const doomed = attacker.nation;
    await api.get(`/api/sessions/n1/generals/${attacker.no}`);
    const asked = await Promise.all(
      [1, 2, 3].map(() => api.post(`/api/sessions/n1/nations/${doomed}/destroy`)),
    );
    // One that waits too long for the lock is refused.
    const outcomes = asked.map(({ outcome, error }) => outcome ?? error?.code);
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
    for (const outcome of outcomes) expect(['already', 'applied', 'lock_not_acquired']).toContain(outcome);
    expect(await nation('n1', doomed)).toMatchObject({ status: 'destroyed', city_count: 0, allies: [] });
    expect((await api.get(`/api/sessions/n1/generals/${attacker.no}`)).data).toMatchObject({
      nation: 0,
      city: 0,
      officer_level: 0,
      last_action: 'nation_destroyed',
    });
    const hire = { nation: doomed, name: 'Late', gold: 1, population: 1 };
    expect(await api.post('/api/sessions/n1/generals/hire', hire)).toMatchObject({
      status: 409,
      error: { code: 'nation_destroyed' },
    });
    const other = doomed === 1 ? 2 : 1;
    expect(
      await api.post('/api/sessions/n1/diplomacy', { from: other, to: doomed, state: 'alliance' }),
    ).toMatchObject({
      error: { code: 'nation_destroyed' },
    });
    expect(await auditWorld(system, 'n1', gold)).toEqual([]);
    expect(await api.post('/api/sessions/n1/nations/99/destroy')).toMatchObject({ status: 404 });
    expect(await system.collections.relations.documents.countDocuments({ session_id: 'n1' })).toBeLessThan(
      12,
    );
  });
});

describe('hireGeneral', () => {
  it('creates one general for one key and pays once, also when asked at once', async () => {
    const gold = await plant('h1');
    const hire = { nation: 1, name: 'Zhao Yun', gold: 500, population: 100 };
    const before = await nation('h1', 1);
    const asked = await Promise.all(
      Array.from({ length: 4 }, () => keyed('/api/sessions/h1/generals/hire', hire, 'k')),
    );
    expect(asked.map(({ outcome }) => outcome).toSorted()).toEqual([
      'already',
      'already',
      'already',
      'applied',
    ]);
    expect(new Set(asked.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    const others = await Promise.all(
      [1, 2, 3, 4].map((number) => api.post('/api/sessions/h1/generals/hire', { ...hire, nation: number })),
    );
    expect(others.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const after = await nation('h1', 1);
    expect(after?.gold).toBe((before?.gold ?? 0) - 1_000);
    expect(await system.collections.entities.general.documents.countDocuments({ session_id: 'h1' })).toBe(35);
    expect((await api.get('/api/sessions/h1/generals')).data).toHaveLength(35);
    expect(await auditWorld(system, 'h1', gold)).toEqual([]);
  });

  it.each([
    [{ gold: 10_000_000 }, 409, 'gold_insufficient'],
    [{ population: 100_000_000 }, 409, 'population_insufficient'],
    [{ nation: 99 }, 404, 'nation_unknown'],
    [{ name: '' }, 400, 'bad_request'],
    [{ gold: -1 }, 400, 'bad_request'],
  ])('refuses %j with %d %s', async (changes, status, code) => {
    const hire = { nation: 1, name: 'X', gold: 1, population: 1, ...changes };
    expect(await api.post('/api/sessions/h1/generals/hire', hire)).toMatchObject({ status, error: { code } });
  });
});

describe('changeDiplomacy', () => {
  it('changes both directions and both lists of allies', async () => {
    const gold = await plant('d1', { relations: 0 });
    const change = { from: 3, to: 1, state: 'alliance' };
    expect(await api.post('/api/sessions/d1/diplomacy', change)).toMatchObject({ outcome: 'applied' });
    expect(await api.post('/api/sessions/d1/diplomacy', { ...change, from: 1, to: 3 })).toMatchObject({
      outcome: 'already',
    });
    expect((await nation('d1', 1))?.allies).toEqual([3]);
    expect((await nation('d1', 3))?.allies).toEqual([1]);
    await Promise.all(
      ['war', 'alliance', 'neutral', 'war'].map((state, index) =>
        api.post(
          '/api/sessions/d1/diplomacy',
          index % 2 === 0 ? { from: 1, to: 3, state } : { from: 3, to: 1, state },
        ),
      ),
    );
    expect(await auditWorld(system, 'd1', gold)).toEqual([]);
  });

  it.each([
    [{ from: 1, to: 1, state: 'war' }, 400, 'to'],
    [{ from: 1, to: 2, state: 'love' }, 400, 'state'],
    [{ from: 1, to: 99, state: 'war' }, 404, undefined],
  ])('refuses %j with %d', async (body, status, field) => {
    const answer = await api.post('/api/sessions/d1/diplomacy', body);
    expect(answer.status).toBe(status);
    expect(answer.error?.field).toBe(field);
  });
});

describe('auctions', () => {
  async function open(world: string, durationMs: number) {
    const item = await system.collections.items.documents.findOne({ session_id: world, auction: null });
    if (item === null) throw new Error('there is an item');
    const body = { seller: item.owner, item: item.item, startingBid: 100, durationMs };
    const answer = await api.post(`/api/sessions/${world}/auctions`, body);
    expect(answer).toMatchObject({ status: 201, outcome: 'applied' });
    return {
      item,
      body,
      path: `/api/sessions/${world}/auctions/${(answer.data as { auction: string }).auction}`,
    };
  }

  it('keep the highest bid, return the gold of outbid bidders, and settle once', async () => {
    const gold = await plant('a1');
    const { item, body, path } = await open('a1', 1_500);
    expect(await api.post('/api/sessions/a1/auctions', body)).toMatchObject({
      error: { code: 'item_unavailable' },
    });
    expect(await api.post(`${path}/bids`, { bidder: 1, amount: 99 })).toMatchObject({
      status: 409,
      error: { code: 'bid_too_low', field: 'amount' },
    });
    expect(await api.post(`${path}/bids`, { bidder: 1, amount: 9_999_999 })).toMatchObject({
      error: { code: 'gold_insufficient' },
    });
    expect(await api.post(`${path}/settle`)).toMatchObject({ error: { code: 'auction_not_over' } });
    const storm = Array.from({ length: 20 }, (_, index) =>
      keyed(`${path}/bids`, { bidder: 1 + (index % 5), amount: 100 + index * 10 }, `bid-${index}`),
    );
    const bids = await Promise.all(storm);
    expect(bids.filter(({ outcome }) => outcome === 'applied').length).toBeGreaterThan(0);
    expect(await auditWorld(system, 'a1', gold)).toEqual([]);
    await eventually('it can be settled', async () => (await api.post(`${path}/settle`)).status === 200);
    const settled = await Promise.all([1, 2, 3].map(() => api.post(`${path}/settle`)));
    expect(settled.map(({ outcome }) => outcome)).toEqual(['already', 'already', 'already']);
    const sold = await system.collections.items.documents.findOne({ _id: item._id });
    expect(settled[0]?.data).toMatchObject({ winner: sold?.owner, price: expect.any(Number) });
    expect(await api.post(`${path}/bids`, { bidder: 2, amount: 900 })).toMatchObject({
      error: { code: 'auction_closed' },
    });
    expect(await auditWorld(system, 'a1', gold)).toEqual([]);
  });

  it('are settled by several processors at once, and end without a bid too', async () => {
    const gold = await plant('a2');
    const opened = [await open('a2', 300), await open('a2', 300), await open('a2', 300)];
    await api.post(`${opened[0]?.path}/bids`, { bidder: 1, amount: 150 });
    await using _first = await startProcess(stack, 'auction-processor');
    await using _second = await startProcess(stack, 'auction-processor');
    await eventually('all are settled', async () => {
      return (
        (await system.collections.auctions.documents.countDocuments({ session_id: 'a2', status: 'open' })) ===
        0
      );
    });
    expect(await auditWorld(system, 'a2', gold)).toEqual([]);
    expect(await api.post('/api/sessions/a2/auctions/none/settle')).toMatchObject({ status: 404 });
  });
});

describe('battles', () => {
  it('end once, with the city, the counts and the fall of a nation in one piece', async () => {
    const gold = await plant('b1', { cities: 5, nations: 4, battles: 12 });
    const names = Array.from({ length: 12 }, (_, index) => index + 1);
    const finish = (name: number) =>
      api.post(`/api/sessions/b1/battles/${name}/finish`, { winner: 'attacker' });
    const answers = await Promise.all(names.flatMap((name) => [finish(name), finish(name)]));
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    for (const name of names)
      await eventually(`battle ${name} is over`, async () => (await finish(name)).status === 200);
    expect(await auditWorld(system, 'b1', gold)).toEqual([]);
    const { nation: nations } = system.collections.entities;
    const fallen = await nations.documents.find({ session_id: 'b1', status: 'destroyed' }).toArray();
    expect(fallen.length).toBeGreaterThan(0);
    expect(
      await nations.documents.countDocuments({ session_id: 'b1', status: 'active', city_count: 0 }),
    ).toBe(0);
  });

  it('are ended by several processors when their time is up', async () => {
    const gold = await plant('b2', { battleDurationMs: 1 });
    await using _first = await startProcess(stack, 'battle-processor');
    await using _second = await startProcess(stack, 'battle-processor');
    await eventually('all are over', async () => {
      return (
        (await system.collections.battles.documents.countDocuments({
          session_id: 'b2',
          status: 'running',
        })) === 0
      );
    });
    expect(await auditWorld(system, 'b2', gold)).toEqual([]);
  });
});

describe('all of it at once', () => {
  it('breaks no rule while MongoDB and the API are killed', async () => {
    const gold = await plant('x', { generals: 40, items: 10, battles: 10 });
    const random = seededRandom('all at once');
    const stop = new AbortController();
    let api2 = await ApiClient.start(stack);
    const post = async (path: string, body: unknown) => {
      const client = random.next() < 0.5 ? api : api2;
      return await client.post(`/api/sessions/x/${path}`, body).catch(() => undefined);
    };
    const players = Array.from({ length: 6 }, async () => {
      while (!stop.signal.aborted) {
        const some = () => random.integer(1, 40);
        const [from, to] = [random.integer(1, 4), random.integer(1, 4)];
        await random.pick([
          () => post(`cities/${random.integer(1, 12)}/occupy`, { general: some() }),
          () => post(`generals/${some()}/actions`, { command: 'train', amount: 1 }),
          () => post('generals/hire', { nation: from, name: 'New', gold: 10, population: 1 }),
          () => post('diplomacy', { from, to, state: random.pick(['war', 'alliance', 'neutral']) }),
          () => post(`battles/${random.integer(1, 10)}/finish`, {}),
          async () => {
            const item = await system.collections.items.documents
              .findOne({ session_id: 'x' })
              .catch(() => null);
            const body = { seller: item?.owner, item: item?.item, startingBid: 1, durationMs: 200 };
            const opened = await post('auctions', body);
            const { auction } = (opened?.data ?? {}) as { auction?: string };
            if (auction === undefined) return;
            await Promise.all(
              [some(), some()].map((bidder) => post(`auctions/${auction}/bids`, { bidder, amount: 5 })),
            );
            await system.clock.sleep(200);
            await post(`auctions/${auction}/settle`, undefined);
          },
        ])();
      }
    });
    await system.clock.sleep(1_000);
    await stack.mongo.kill();
    await stack.mongo.restart();
    await system.clock.sleep(1_000);
    await api2[Symbol.asyncDispose]();
    api2 = await ApiClient.start(stack);
    await system.clock.sleep(1_000);
    expect((await api2.post('/api/sessions/x/nations/2/destroy')).error?.code).not.toBe('internal');
    stop.abort();
    await Promise.all(players);
    await api2[Symbol.asyncDispose]();
    await eventually('nothing is open any more', async () => {
      return (await auditWorld(system, 'x', gold).catch((error: unknown) => [String(error)])).length === 0;
    });
    expect(await auditWorld(system, 'x', gold)).toEqual([]);
  });

  it('is refused to a holder that lost the lock to another meanwhile', async () => {
    await plant('f');
    const before = await nation('f', 1);
    using deadline = new Deadline(system.clock, 10_000);
    const key = 'nation:lock:f:1';
    const transactions: typeof system.transactions = {
      run: async (...work) => {
        await drawFencingToken(system.collections, key);
        return await system.transactions.run(...work);
      },
    };
    const operation: CompoundOperation = {
      sessionId: 'f',
      request: { operation: 'test' },
      locks: [{ key, policy: { ttl: 30, retry: 0, retryDelayMs: 1, throwOnFail: true } }],
      body: async (unit) => {
        if (before === null) throw new Error('the nation is there');
        await unit.change(system.collections.entities.nation, before, { gold: 0 });
        return { outcome: 'applied', data: {} };
      },
    };
    await expect(
      runCompound({ ...system.compound, transactions }, operation, deadline),
    ).rejects.toMatchObject({
      code: 'fenced',
      definite: true,
    });
    expect((await nation('f', 1))?.gold).toBe(before?.gold);
  });
});
