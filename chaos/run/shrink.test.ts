import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { samplePlanning } from '../testing/sample/sample.ts';
import { parsePlanFile, type PlanFile } from './plan-file.ts';
import {
  type Candidate,
  candidateSchema,
  type Judgement,
  planOfCandidate,
  shrink,
  wholeOf,
} from './shrink.ts';

const original: PlanFile = {
  planVersion: 1,
  title: 'eight faults',
  scenario: 'items',
  label: 'timeline',
  seed: 'seed',
  mutant: null,
  world: { items: 150, shops: 2, name: 'all of it' },
  processes: { api: 1, worker: 2 },
  load: { durationMs: 10_000, ratePerSecond: 30, maxVus: 120 },
  settings: {},
  invariants: ['kept'],
  maxErrorRate: 0.3,
  timeline: Array.from({ length: 8 }, (_, index) => ({
    fault: index % 2 === 0 ? 'redis-down' : 'redis-slow',
    applyAtMs: 1_000 + index * 1_000,
    healAtMs: 1_900 + index * 1_000,
    parameters: index % 2 === 0 ? {} : { latencyMs: 80, jitterMs: 0 },
  })),
};
/** Roles of which one process has to stay. */
const serving = ['api'];
const itemsOf = ({ world }: PlanFile): number => Number(world['items']);
const processesOf = ({ processes }: PlanFile, role: string): number => processes[role] ?? 0;

/** A target that fails when the plan is as described. */
function failing(when: (plan: PlanFile, candidate: Candidate) => boolean) {
  const asked: Candidate[] = [];
  const judge = async (candidate: Candidate): Promise<Judgement> => {
    asked.push(candidate);
    return { fails: when(planOfCandidate(original, candidate), candidate), observed: true };
  };
  return { asked, judge };
}

/** Shrunk, and how it would be run. */
async function shrunk(judge: (candidate: Candidate) => Promise<Judgement>): Promise<PlanFile | null> {
  const found = await shrink(original, serving, judge);
  return found === null ? null : planOfCandidate(original, found);
}

describe('shrinking', () => {
  it('leaves one fault, and minimal sizes, when only that fault matters', async () => {
    const { judge, asked } = failing((_, { faults }) => faults.includes(5));
    expect(await shrunk(judge)).toEqual({
      ...original,
      world: { items: 1, shops: 1, name: 'all of it' },
      processes: { api: 1, worker: 0 },
      load: { durationMs: 1_300, ratePerSecond: 1, maxVus: 4 },
      timeline: [{ ...original.timeline[5], applyAtMs: 500, healAtMs: 800 }],
    });
    expect(asked.length).toBeLessThan(12);
  });

  it('finds what sizes the failure needs, at most a quarter too large', async () => {
    const { judge } = failing(
      (plan, { faults }) =>
        faults.includes(2) &&
        faults.includes(3) &&
        processesOf(plan, 'worker') >= 2 &&
        itemsOf(plan) >= 40 &&
        plan.load.ratePerSecond >= 5 &&
        plan.timeline.some(({ applyAtMs, healAtMs }) => healAtMs - applyAtMs >= 700),
    );
    const found = await shrunk(judge);
    expect(found?.timeline).toHaveLength(2);
    expect(found?.processes).toEqual({ api: 1, worker: 2 });
    expect(found?.world).toMatchObject({ shops: 1, name: 'all of it' });
    expect(Number(found?.world['items'])).toBeGreaterThanOrEqual(40);
    expect(Number(found?.world['items'])).toBeLessThanOrEqual(54);
    expect(found?.load.ratePerSecond).toBeLessThanOrEqual(7);
    const lengths = found?.timeline.map(({ applyAtMs, healAtMs }) => healAtMs - applyAtMs) ?? [];
    expect(Math.min(...lengths)).toBe(300);
    expect(Math.max(...lengths)).toBeGreaterThanOrEqual(700);
  });

  it('has candidates that can be read back, those with a fractional rate as well', () => {
    const slow = { ...original, load: { ...original.load, ratePerSecond: 2.5 } };
    const whole = wholeOf(slow, serving);
    const read = candidateSchema.parse(JSON.parse(JSON.stringify(whole)));
    expect(read).toEqual(whole);
    expect(planOfCandidate(slow, read)).toEqual(slow);
  });

  it('leaves no fault when none is needed', async () => {
    const { judge } = failing(({ world }) => Number(world['shops']) >= 2);
    expect(await shrunk(judge)).toMatchObject({ timeline: [], world: { shops: 2, items: 1 } });
  });

  it('gives null for a plan that does not fail', async () => {
    expect(await shrunk(async () => ({ fails: false, observed: true }))).toBeNull();
  });

  it('does not shrink a fault until it has no effect', async () => {
    const found = await shrunk(async (candidate) => {
      const { timeline } = planOfCandidate(original, candidate);
      const observed = timeline.every(({ applyAtMs, healAtMs }) => healAtMs - applyAtMs >= 600);
      return { fails: candidate.faults.includes(0), observed };
    });
    const [fault] = found?.timeline ?? [];
    expect((fault?.healAtMs ?? 0) - (fault?.applyAtMs ?? 0)).toBeGreaterThanOrEqual(600);
  });

  it('asks about no candidate twice, but once more how often that with the fewest faults fails', async () => {
    const keys: string[] = [];
    const often: Candidate[] = [];
    await shrink(original, serving, async (candidate, stage) => {
      if (stage === 'how often') often.push(candidate);
      else keys.push(JSON.stringify(candidate));
      const { load } = planOfCandidate(original, candidate);
      return { fails: candidate.faults.includes(1) && load.ratePerSecond >= 9, observed: true };
    });
    expect(new Set(keys).size).toBe(keys.length);
    expect(often).toMatchObject([{ faults: [1] }]);
  });

  it('asks the same questions when it gets the same answers, so that it can be resumed', async () => {
    const { judge, asked } = failing((plan, { faults }) => faults.includes(7) && itemsOf(plan) >= 33);
    const first = await shrink(original, serving, judge);
    const way = asked.splice(0);
    expect(await shrink(original, serving, judge)).toEqual(first);
    expect(asked).toEqual(way);
  });

  it('ends with a plan that was seen to fail, even when the failure is rare', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const random = seededRandom(seed);
      const seen = new Set<string>();
      const found = await shrink(original, serving, async (candidate) => {
        const all = candidate.faults.length === 8;
        const fails = all || (candidate.faults.includes(4) && random.next() < 0.4);
        if (fails) seen.add(JSON.stringify(candidate));
        return { fails, observed: true };
      });
      expect(seen).toContain(JSON.stringify(found));
    }
  });

  it('only makes candidates that are plans', async () => {
    const { judge, asked } = failing((plan, { faults }) => faults.includes(6) && itemsOf(plan) >= 3);
    await shrunk(judge);
    for (const candidate of asked) {
      const text = JSON.stringify(planOfCandidate(original, candidate));
      expect(() => parsePlanFile(text, 'candidate', samplePlanning)).not.toThrow();
    }
  });
});
