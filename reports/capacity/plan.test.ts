import { describe, expect, it } from 'vitest';
import { usersHeld } from './users-held.ts';
import type { CapacityReport } from './capacity-report.ts';
import { checkModel } from './model.ts';
import { planFor } from './plan.ts';
import { renderPlan } from './render-text.ts';
import { syntheticCapacity, syntheticUser } from './testing/synthetic-capacity.ts';

const report = syntheticCapacity();
const ask = (users: number, of = report) => planFor(of, { users, slo: of.slo, user: syntheticUser });
const partOf = (plan: ReturnType<typeof ask>, name: string) => plan.parts.find(({ part }) => part === name);
const textOf = (plan: ReturnType<typeof ask>) => renderPlan(plan, report.slo, syntheticUser);

/** A third of what the steps show. */
const cheap: CapacityReport = {
  ...report,
  demands: report.demands.map((one) => ({
    ...one,
    demands: one.demands.map((demand) => ({ ...demand, secondsPerRequest: demand.secondsPerRequest / 3 })),
  })),
};

function withBroadcast(costs: readonly number[]): CapacityReport {
  const [first] = report.growth;
  if (first === undefined) throw new Error('the report has growth');
  const points = costs.map((cost, index) => ({ size: 1 + (index >> 1), cost }));
  return { ...report, growth: [...report.growth, { ...first, broadcast: true, points }] };
}

describe('the model', () => {
  it('agrees with a target that is as the model assumes', () => {
    const check = checkModel(report);
    expect(check).toMatchObject({ trusted: true });
    expect(check?.levels.filter(({ fitted }) => fitted).length).toBe(1);
    expect(check?.levels.length).toBeGreaterThan(4);
  });

  it('is not trusted when requests cost something else than the steps show', () => {
    expect(checkModel(cheap)).toMatchObject({ trusted: false });
  });

  it('is not contradicted by a higher rate than "at least" what was tried', () => {
    const mixes = report.mixes.map((mix) => ({
      ...mix,
      steps: mix.steps.filter(({ load }) => load.value <= 600),
      sloRate: { outcome: 'at-least' as const, ratePerSecond: 600 },
    }));
    expect(checkModel({ ...report, mixes })).toMatchObject({ trusted: true });
  });

  it('needs costs', () => {
    expect(checkModel({ ...report, demands: [] })).toBeNull();
    const harnessOnly = report.demands.map((one) => ({
      ...one,
      demands: [{ process: 'harness', secondsPerRequest: 1e-4, idleShare: 0 }],
    }));
    expect(checkModel({ ...report, demands: harnessOnly })).toBeNull();
  });
});

describe('a plan', () => {
  it('has processes in proportion to the users, and meets the objective when simulated', () => {
    const [small, large] = [ask(1_000), ask(100_000)];
    // 367 requests a second of 1 ms each keep 0.37 of a process busy; no process is to be busier than 0.6.
    expect(partOf(small, 'api')?.count).toBe(1);
    expect(partOf(large, 'api')?.count).toBe(62);
    expect(large.simulated?.meetsSlo).toBe(true);
    expect(large.redisMemoryBytes).toBe(100 * (small.redisMemoryBytes ?? 0));
    // 1,667 units a second of 0.2 ms.
    expect(partOf(large, 'pricer')).toMatchObject({ count: 1, busyShare: expect.closeTo(1 / 3, 6) });
  });

  it('is trusted up to twice the users of the rate that met the objective while the model agrees', () => {
    const held = usersHeld(report)?.users ?? 0;
    expect(held).toBeGreaterThan(2_000);
    expect(ask(1_000).trustedToUsers).toBe(2 * held);
    expect(ask(1_000).doubts.some((doubt) => doubt.includes('times the load'))).toBe(false);
    expect(ask(100_000).doubts.some((doubt) => doubt.includes('times the load'))).toBe(true);
  });

  it('is trusted up to what was measured, and no further, when the model does not agree', () => {
    const held = usersHeld(cheap)?.users ?? 0;
    const plan = ask(Math.ceil(held) + 1, cheap);
    expect(plan.trustedToUsers).toBe(held);
    expect(plan.doubts.some((doubt) => doubt.includes('a model that is not trusted'))).toBe(true);
    expect(textOf(plan)).toMatch(
      /does NOT agree .*\nTrusted up to [\d,]+ shoppers, which is what was measured\./,
    );
    expect(ask(Math.floor(held) - 1, cheap).doubts.some((doubt) => doubt.startsWith('beyond'))).toBe(false);
  });

  it('is trusted up to nothing when no rate met the objective', () => {
    const mixes = report.mixes.map((mix) => ({
      ...mix,
      sloRate: { outcome: 'never' as const, lowestTriedPerSecond: 50 },
    }));
    const plan = ask(10, { ...report, mixes });
    expect(plan.trustedToUsers).toBe(0);
    expect(textOf(plan)).toContain('Trusted up to nothing');
  });

  it('that one Redis cannot serve is not built, and says why and up to how many users it could be', () => {
    const plan = ask(1_000_000);
    expect(plan.simulated).toBeNull();
    expect(plan.obstacles).toEqual([
      // 383,333 requests and units a second of 10 µs.
      'Redis would be busy 383 % of the time, may be busy 60 %, and there is only one of it; that is the limit at 156,521 shoppers',
    ]);
    expect(textOf(plan)).toContain('Cannot be built: Redis would be busy 383 %');
    expect(ask(156_521).obstacles).toEqual([]);
    expect(ask(156_522).obstacles).toHaveLength(1);
  });

  it('is not built when the writes of the others leave a process no time', () => {
    const heard = withBroadcast([1e-3, 1e-3, 2e-3, 2e-3, 3e-3, 3e-3]);
    expect(ask(10_000, heard).obstacles).toEqual([]);
    const plan = ask(30_000, heard);
    expect(plan.obstacles).toEqual([
      'each api process would be busy 100 % of the time with the writes of the others, and may be busy 60 %: no number of processes is enough; that is the limit at 18,000 shoppers',
    ]);
  });

  it('leaves out what chance alone could explain, and says so', () => {
    const plan = ask(30_000, withBroadcast([5, 6, 7.2, 5.2, 5.4, 7.5].map((cost) => 1e-3 * cost)));
    expect(plan.obstacles).toEqual([]);
    expect(plan.doubts.some((doubt) => doubt.includes('from chance'))).toBe(true);
  });

  it('does not take for idle what was not measured', () => {
    const demands = report.demands.map((one) => ({
      ...one,
      demands: one.demands.filter(({ process }) => process !== 'redis'),
    }));
    const plan = ask(1_000_000, { ...report, demands });
    expect(partOf(plan, 'redis')?.busyShare).toBeNull();
    expect(plan.doubts).toContain('how busy redis would be was not measured');
    expect(textOf(plan)).toMatch(/redis +not measured/);
    const foreground = report.demands.filter((one) => one.class !== 'background');
    expect(ask(1_000, { ...report, demands: foreground }).doubts).toContain(
      'what background work (a cart priced anew) costs was not measured, and is left out',
    );
  });

  it('is the same for the same question', () => {
    expect(ask(20_000)).toEqual(ask(20_000));
  });
});
