import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { type Candidate, experimentOfCandidate } from './candidate.ts';
import { parseExperimentFile, type ExperimentFile } from './experiment-file.ts';
import { type Judgement, shrink } from './shrink.ts';

const original: ExperimentFile = {
  experimentVersion: 1,
  title: 'eight faults',
  scenario: 'turns',
  outage: 'timeline',
  seed: 'seed',
  defect: null,
  world: { sessions: 2, generals: 150, cities: 20, nations: 4 },
  processes: { api: 1, turnProcessor: 2, dbSync: 1 },
  load: { durationMs: 10_000, ratePerSecond: 30, maxVus: 120 },
  settings: {},
  invariants: ['I1'],
  unavailableShareMax: 0.3,
  timeline: Array.from({ length: 8 }, (_, index) => ({
    fault: index % 2 === 0 ? 'redis-down' : 'redis-slow',
    applyAtMs: 1_000 + index * 1_000,
    healAtMs: 1_900 + index * 1_000,
    parameters: index % 2 === 0 ? {} : { latencyMs: 80, jitterMs: 0 },
  })),
};

/** A system that fails when the experiment is as described. */
function failing(when: (experiment: ExperimentFile, candidate: Candidate) => boolean) {
  const asked: Candidate[] = [];
  const judge = async (candidate: Candidate): Promise<Judgement> => {
    asked.push(candidate);
    return { fails: when(experimentOfCandidate(original, candidate), candidate), felt: true };
  };
  return { asked, judge };
}

/** Shrunk, and how it would be run. */
async function shrunk(judge: (candidate: Candidate) => Promise<Judgement>): Promise<ExperimentFile | null> {
  const found = await shrink(original, judge);
  return found === null ? null : experimentOfCandidate(original, found);
}

describe('shrinking', () => {
  it('leaves one fault, and everything else at its least, when that is all that matters', async () => {
    const { judge, asked } = failing((_, { faults }) => faults.includes(5));
    expect(await shrunk(judge)).toEqual({
      ...original,
      world: { sessions: 1, generals: 1, cities: 1, nations: 1 },
      processes: { api: 1, turnProcessor: 0, dbSync: 0 },
      load: { durationMs: 1_300, ratePerSecond: 1, maxVus: 4 },
      timeline: [{ ...original.timeline[5], applyAtMs: 500, healAtMs: 800 }],
    });
    expect(asked.length).toBeLessThan(12);
  });

  it('finds what sizes the failure needs, at most a quarter too large', async () => {
    const { judge } = failing(
      ({ processes, world, load, timeline }, { faults }) =>
        faults.includes(2) &&
        faults.includes(3) &&
        processes.turnProcessor >= 2 &&
        processes.dbSync >= 1 &&
        world.generals >= 40 &&
        load.ratePerSecond >= 5 &&
        timeline.some(({ applyAtMs, healAtMs }) => healAtMs - applyAtMs >= 700),
    );
    const found = await shrunk(judge);
    expect(found?.timeline).toHaveLength(2);
    expect(found?.processes).toEqual({ api: 1, turnProcessor: 2, dbSync: 1 });
    expect(found?.world).toMatchObject({ sessions: 1, cities: 1, nations: 1 });
    expect(found?.world.generals).toBeGreaterThanOrEqual(40);
    expect(found?.world.generals).toBeLessThanOrEqual(54);
    expect(found?.load.ratePerSecond).toBeLessThanOrEqual(7);
    const lengths = found?.timeline.map(({ applyAtMs, healAtMs }) => healAtMs - applyAtMs) ?? [];
    expect(Math.min(...lengths)).toBe(300);
    expect(Math.max(...lengths)).toBeGreaterThanOrEqual(700);
  });

  it('leaves no fault when none is needed', async () => {
    const { judge } = failing(({ world }) => world.sessions >= 2);
    expect(await shrunk(judge)).toMatchObject({ timeline: [], world: { sessions: 2, generals: 1 } });
  });

  it('makes nothing of what does not fail', async () => {
    expect(await shrunk(async () => ({ fails: false, felt: true }))).toBeNull();
  });

  it('does not shrink a fault until nobody feels it', async () => {
    const found = await shrunk(async (candidate) => {
      const { timeline } = experimentOfCandidate(original, candidate);
      const felt = timeline.every(({ applyAtMs, healAtMs }) => healAtMs - applyAtMs >= 600);
      return { fails: candidate.faults.includes(0), felt };
    });
    const [fault] = found?.timeline ?? [];
    expect((fault?.healAtMs ?? 0) - (fault?.applyAtMs ?? 0)).toBeGreaterThanOrEqual(600);
  });

  it('asks about no candidate twice, but once more how often that with the fewest faults fails', async () => {
    const keys: string[] = [];
    const often: Candidate[] = [];
    await shrink(original, async (candidate, stage) => {
      if (stage === 'how often') often.push(candidate);
      else keys.push(JSON.stringify(candidate));
      const { load } = experimentOfCandidate(original, candidate);
      return { fails: candidate.faults.includes(1) && load.ratePerSecond >= 9, felt: true };
    });
    expect(new Set(keys).size).toBe(keys.length);
    expect(often).toMatchObject([{ faults: [1] }]);
  });

  it('comes, from the same answers, to the same end by the same way, so that it can be taken up again', async () => {
    const { judge, asked } = failing(({ world }, { faults }) => faults.includes(7) && world.generals >= 33);
    const first = await shrink(original, judge);
    const way = asked.splice(0);
    expect(await shrink(original, judge)).toEqual(first);
    expect(asked).toEqual(way);
  });

  it('ends with something that was seen to fail, however rarely the failure shows', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const random = seededRandom(seed);
      const seen = new Set<string>();
      const found = await shrink(original, async (candidate) => {
        const all = candidate.faults.length === 8;
        const fails = all || (candidate.faults.includes(4) && random.next() < 0.4);
        if (fails) seen.add(JSON.stringify(candidate));
        return { fails, felt: true };
      });
      expect(seen).toContain(JSON.stringify(found));
    }
  });

  it('only makes candidates that are experiments', async () => {
    const { judge, asked } = failing(({ world }, { faults }) => faults.includes(6) && world.generals >= 3);
    await shrunk(judge);
    for (const candidate of asked) {
      const text = JSON.stringify(experimentOfCandidate(original, candidate));
      expect(() => parseExperimentFile(text, 'candidate')).not.toThrow();
    }
  });
});
