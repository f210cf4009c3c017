import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineFault, type Fault, type FaultContext } from '../api/fault.ts';
import type { Clock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import { type FaultBoard, openFaultBoard } from './board.ts';

/** A board over faults that only record what is done to them, and a clock whose timers run when they are told to. */
function testBoard() {
  const said: string[] = [];
  const timers: (() => void)[] = [];
  let nowMs = 1_000;
  let healingFails = false;
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async () => undefined,
    timer: (_, callback) => {
      timers.push(callback);
      return { [Symbol.dispose]: () => void timers.splice(timers.indexOf(callback), 1) };
    },
  };
  const fault = (name: string, breaks: readonly string[], needs: Fault['needs'] = []): Fault =>
    defineFault({
      name,
      title: name,
      needs,
      breaks,
      proofNeeds: [],
      parameters: z.strictObject({ latencyMs: z.int().positive() }),
      draw: () => ({ latencyMs: 50 }),
      apply: async (_, { latencyMs }) => {
        if (latencyMs === 666) throw new Error('cannot be applied');
        return {
          effect: async () => ({ observed: true, evidence: `${latencyMs} ms`, measures: { latencyMs } }),
          heal: async () => {
            if (healingFails) throw new Error('cannot be healed');
          },
        };
      },
    });
  const registry = [
    fault('redis-slow', ['redis']),
    fault('redis-cut', ['redis']),
    fault('mongo-slow', ['mongo']),
    fault('redis-gone', ['redis'], ['redis-kill']),
  ];
  const context = { clock, stack: { provider: 'external', capabilities: new Set() } };
  const board: FaultBoard = openFaultBoard(
    new Map(registry.map((one) => [one.name, one])),
    // Only what the board itself uses; the faults above use nothing of it.
    context as unknown as FaultContext,
    seededRandom('board'),
    {
      applied: (name) => said.push(`applied ${name}`),
      healed: (record) => said.push(`healed ${record.fault}`),
      failed: (name, reason) => said.push(`failed ${name}: ${reason}`),
    },
  );
  const apply = (name: string, parameters: Record<string, unknown> = {}, forMs: number | null = null) =>
    board.apply({ fault: name, forMs, parameters });
  return {
    board,
    apply,
    said,
    timers,
    pass: (ms: number) => (nowMs += ms),
    letHealingFail: (fails: boolean) => (healingFails = fails),
  };
}

describe('the board of faults', () => {
  it('draws parameters, takes those that are given, and says what was observed', async () => {
    const { board, apply, pass, said } = testBoard();
    expect(await apply('redis-slow', { latencyMs: 200 })).toMatchObject({
      parameters: { latencyMs: 200 },
      healsAtMs: null,
      effect: { observed: true, evidence: '200 ms' },
    });
    await apply('mongo-slow');
    pass(3_000);
    expect((await board.inForce()).map(({ fault }) => fault)).toEqual(['redis-slow', 'mongo-slow']);
    const healed = await board.heal(null);
    expect(healed).toMatchObject([
      { fault: 'redis-slow', appliedMs: 1_000, healedMs: 4_000 },
      { fault: 'mongo-slow', parameters: { latencyMs: 50 } },
    ]);
    expect(await board.inForce()).toEqual([]);
    expect(board.healed()).toEqual(healed);
    expect(said).toEqual([
      'applied redis-slow',
      'applied mongo-slow',
      'healed redis-slow',
      'healed mongo-slow',
    ]);
  });

  it('heals after the given time, and only once when the user heals it earlier', async () => {
    const { board, apply, timers, said } = testBoard();
    expect(await apply('redis-slow', {}, 10_000)).toMatchObject({ healsAtMs: 11_000 });
    timers[0]?.();
    await board.heal(null);
    expect(said).toEqual(['applied redis-slow', 'healed redis-slow']);
    await apply('redis-slow', {}, 10_000);
    await board.heal('redis-slow');
    expect(timers).toEqual([]);
  });

  it.each([
    ['no-such', {}, /FAULT "no-such" does not exist/, /redis-slow, redis-cut/],
    ['mongo-slow', { latencyMs: 'long' }, /--set latencyMs/, /"latencyMs":50/],
    ['mongo-slow', { late: 1 }, /--set/, /without --set/],
    ['redis-slow', {}, /is in force already/, /redcliff heal redis-slow/],
    ['redis-cut', {}, /conflicts with redis-slow/, /redcliff heal redis-slow/],
    ['redis-gone', {}, /conflicts with redis-slow/, /redcliff heal redis-slow/],
  ])('refuses %s %j beside redis-slow, with field and remedy', async (name, parameters, message, hint) => {
    const { apply, board } = testBoard();
    await apply('redis-slow');
    await expect(apply(name, parameters)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      exitStatus: 64,
    });
    expect(await board.inForce()).toHaveLength(1);
  });

  it('refuses what the stack cannot do, and to heal what is not in force', async () => {
    const { apply, board } = testBoard();
    await expect(apply('redis-gone')).rejects.toThrow(
      /needs redis-kill, which the external stack does not offer/,
    );
    await expect(board.heal('redis-slow')).rejects.toThrow(/FAULT "redis-slow" is not in force/);
    expect(await board.heal(null)).toEqual([]);
  });

  it('forgets a fault that could not be applied', async () => {
    const { apply, board } = testBoard();
    await expect(apply('redis-slow', { latencyMs: 666 })).rejects.toThrow('cannot be applied');
    expect(await board.inForce()).toEqual([]);
    await apply('redis-cut');
  });

  it('keeps a fault that could not be healed in force, says so, and heals it later', async () => {
    const { apply, board, said, timers, letHealingFail } = testBoard();
    await apply('redis-slow', {}, 1_000);
    letHealingFail(true);
    timers[0]?.();
    await expect(board.heal(null)).rejects.toThrow('cannot be healed');
    expect(said).toContain('failed redis-slow: Error: cannot be healed');
    expect(await board.inForce()).toHaveLength(1);
    letHealingFail(false);
    expect(await board.heal(null)).toHaveLength(1);
  });
});
