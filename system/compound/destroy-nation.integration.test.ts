/** The end of a nation: what it costs, what keeps two of them apart, how long it may take. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../deadline.ts';
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';
import { ApiClient } from '../testing/api-client.ts';
import { auditWorld, countGold } from '../testing/audit-world.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { destroyNation } from './destroy-nation.ts';
import { finishBattle } from './finish-battle.ts';
import { battleFinalisation, nationDestruction } from './operations.ts';
import { runCompound } from './run-compound.ts';

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

const nation = (world: string, number: number) =>
  readFresh(system.collections.entities.nation, `${world}:n${number}`);

describe('destroyNation', () => {
  it('costs the same number of round trips however many generals there are', async () => {
    await plantTestWorld(system, 'n2', { generals: 700, nations: 1, cities: 30 });
    const gold = await countGold(system, 'n2');
    const single = vi.spyOn(system.collections.entities.general.documents, 'replaceOne');
    const together = vi.spyOn(system.collections.entities.general.documents, 'bulkWrite');
    using deadline = new Deadline(system.clock, 30_000);
    const operation = nationDestruction(system.config, 'n2', 1, (unit) =>
      destroyNation(unit, system.collections, 'n2', 1),
    );
    const { data } = await runCompound(system.compound, operation, deadline);
    expect(Number(data['generals'])).toBeGreaterThan(500);
    expect(single).not.toHaveBeenCalled();
    expect(together.mock.calls.length).toBeLessThanOrEqual(2);
    vi.restoreAllMocks();
    const { city, general: generals } = system.collections.entities;
    expect(await generals.documents.countDocuments({ session_id: 'n2', nation: 1 })).toBe(0);
    const neutral = await city.documents.find({ session_id: 'n2' }).toArray();
    const lost = neutral.filter(({ version }) => version === 2);
    expect(lost.length).toBe(Number(data['cities']));
    // Their owner changed now.
    for (const { nation: owner, occupied_at } of lost) {
      expect(owner).toBe(0);
      expect(occupied_at).toBeInstanceOf(Date);
    }
    expect(await auditWorld(system, 'n2', gold)).toEqual([]);
  });

  it('is refused while another process holds the lock of the nation', async () => {
    await plantTestWorld(system, 'n3');
    await system.redis.set('nation:lock:n3:1', 'another', 'EX', 300);
    expect(await api.post('/api/sessions/n3/nations/1/destroy')).toMatchObject({
      status: 409,
      error: { code: 'lock_not_acquired', definite: true },
    });
    expect((await nation('n3', 1))?.status).toBe('active');
  });

  it('has a minute to commit, also when it is the end of a battle', async () => {
    await plantTestWorld(system, 'n4', { generals: 30, cities: 12, nations: 4, battles: 8 });
    const commitTimes: (number | undefined)[] = [];
    const transactions: typeof system.transactions = {
      run: async (deadline, body, commitTimeMs) => {
        commitTimes.push(commitTimeMs);
        return await system.transactions.run(deadline, body, commitTimeMs);
      },
    };
    using deadline = new Deadline(system.clock, 30_000);
    const parts = { ...system.compound, transactions };
    const { collections, config } = system;
    const battle = await battleFinalisation(system, 'n4', '1', (unit) =>
      finishBattle(unit, collections, { sessionId: 'n4', name: '1', winner: 'attacker' }),
    );
    await runCompound(parts, battle, deadline);
    const destruction = nationDestruction(config, 'n4', 2, (unit) =>
      destroyNation(unit, collections, 'n4', 2),
    );
    await runCompound(parts, destruction, deadline);
    expect(commitTimes).toEqual([60_000, 60_000]);
  });
});
