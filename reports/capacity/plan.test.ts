import { describe, expect, it } from 'vitest';
import { checkModel } from './model.ts';
import { planFor } from './plan.ts';
import { playerDefaults } from './player.ts';
import { syntheticCapacity } from './synthetic-capacity.ts';

const report = syntheticCapacity();
const ask = (players: number, of = report) => planFor(of, { players, slo: of.slo, player: playerDefaults });
const countOf = (plan: ReturnType<typeof ask>, part: string) =>
  plan.parts.find((one) => one.part === part)?.count ?? 0;

describe('the model', () => {
  it('agrees with a system that is what it takes it for', () => {
    const check = checkModel(report);
    expect(check).toMatchObject({ trusted: true });
    expect(check?.levels.filter(({ fitted }) => fitted).length).toBe(1);
    expect(check?.levels.length).toBeGreaterThan(4);
  });

  it('is not trusted when requests cost something else than the steps show', () => {
    const cheap = report.demands.map((one) => ({
      ...one,
      demands: one.demands.map((demand) => ({ ...demand, secondsPerRequest: demand.secondsPerRequest / 3 })),
    }));
    expect(checkModel({ ...report, demands: cheap })).toMatchObject({ trusted: false });
  });

  it('is none without costs', () => {
    expect(checkModel({ ...report, demands: [] })).toBeNull();
  });
});

describe('a plan', () => {
  it('has processes in proportion to the players, and meets the objective when simulated', () => {
    const [small, large] = [ask(1_000), ask(100_000)];
    // 367 requests a second of 1 ms each keep 0.37 of a process busy; no process is to be busier than 0.6.
    expect(countOf(small, 'API processes')).toBe(1);
    expect(countOf(large, 'API processes')).toBe(62);
    expect(large.simulated?.meetsSlo).toBe(true);
    expect(large.redisMemoryBytes).toBe(100 * (small.redisMemoryBytes ?? 0));
  });

  it('says where it stops to be trusted', () => {
    const small = ask(1_000);
    expect(small.trustedToPlayers).toBeGreaterThan(5_000);
    expect(small.doubts.some((doubt) => doubt.includes('times the load'))).toBe(false);
    expect(ask(1_000_000).doubts.some((doubt) => doubt.includes('times the load'))).toBe(true);
  });

  it('does not build what one Redis can not bear', () => {
    const plan = ask(1_000_000);
    expect(plan.buildable).toBe(false);
    expect(plan.simulated).toBeNull();
    expect(plan.doubts.some((doubt) => doubt.includes('only one Redis'))).toBe(true);
  });

  it('finds that no number of processes is enough when each hears of every change', () => {
    const [first] = report.growth;
    if (first === undefined) throw new Error('the report has growth');
    const points = [1, 2, 3].map((size) => ({ size, cost: 1e-3 * size }));
    const heard = { ...report, growth: [...report.growth, { ...first, dimension: 'api-processes', points }] };
    expect(ask(10_000, heard)).toMatchObject({ buildable: true });
    const plan = ask(30_000, heard);
    expect(plan.buildable).toBe(false);
    expect(plan.doubts.some((doubt) => doubt.includes('no number of them'))).toBe(true);
  });

  it('takes nothing from what chance alone could make, and says so', () => {
    const [first] = report.growth;
    if (first === undefined) throw new Error('the report has growth');
    const costs = [5, 6, 7.2, 5.2, 5.4, 7.5];
    const points = costs.map((cost, index) => ({ size: 1 + (index >> 1), cost: 1e-3 * cost }));
    const noisy = { ...report, growth: [{ ...first, dimension: 'api-processes', points }] };
    const plan = ask(30_000, noisy);
    expect(plan.buildable).toBe(true);
    expect(plan.doubts.some((doubt) => doubt.includes('from chance'))).toBe(true);
  });

  it('is the same for the same question', () => {
    expect(ask(20_000)).toEqual(ask(20_000));
  });
});
