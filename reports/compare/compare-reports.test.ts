import { describe, expect, it } from 'vitest';
import type { Report } from '../record/report.ts';
import { syntheticCell, syntheticReport, type SyntheticCell } from '../testing/synthetic-report.ts';
import { comparisonSchema } from './comparison.ts';
import { compareReports } from './compare-reports.ts';

const small = { scenario: 'turns', fault: 'redis-down', seconds: 20, ratePerSecond: 40 };
const reportOf = (cells: Partial<SyntheticCell>[], overrides: Partial<Report> = {}): Report =>
  syntheticReport(
    cells.map((cell) => syntheticCell({ ...small, ...cell }).cell),
    overrides,
  );
const recorded = reportOf([{ seed: 'r' }], { id: 'the-record' });

describe('comparing verdicts', () => {
  it('finds nothing worse in the same', () => {
    const comparison = compareReports(recorded, recorded);
    expect(comparison).toMatchObject({
      recorded: ['the-record'],
      worse: false,
      reasons: [],
      unlike: [],
      notes: [],
    });
    expect(comparisonSchema.safeParse(comparison).success).toBe(true);
  });

  it('finds a verdict that got worse, by one step or two', () => {
    const lost = compareReports(reportOf([{ flaw: 'lost-turn' }]), recorded);
    expect(lost.worse).toBe(true);
    expect(lost.reasons).toContain('I1 in turns × redis-down was held and is violated');
    const unfelt = compareReports(reportOf([{ flaw: 'unobserved' }]), recorded);
    expect(unfelt.reasons[0]).toMatch(/^I1, I2, .* in turns × redis-down were held and are unknown$/);
  });

  it('is content with a verdict that got better, and tells it', () => {
    const comparison = compareReports(recorded, reportOf([{ flaw: 'lost-turn' }]));
    expect(comparison.worse).toBe(false);
    expect(comparison.changes).toContainEqual({
      scenario: 'turns',
      fault: 'redis-down',
      what: 'I1',
      recorded: 'false',
      current: 'true',
    });
  });

  it('treats an invariant that is no longer judged as unknown', () => {
    const [cell] = recorded.cells;
    const poorer = {
      ...recorded,
      cells: cell === undefined ? [] : [{ ...cell, verdicts: cell.verdicts.slice(1) }],
    };
    expect(compareReports(poorer, recorded).reasons).toEqual([
      'I1 in turns × redis-down was held and is unknown',
    ]);
  });

  it('takes a threshold for a verdict', () => {
    const [cell] = recorded.cells;
    const thresholds = [{ metric: 'http_req_failed', expression: 'rate<0.4', verdict: 'false' as const }];
    const missed = { ...recorded, cells: cell === undefined ? [] : [{ ...cell, thresholds }] };
    expect(compareReports(missed, recorded).worse).toBe(true);
  });

  it('names cells that it cannot compare, and does not count a failure of the harness', () => {
    const comparison = compareReports(reportOf([{ scenario: 'reads' }]), recorded);
    expect(comparison.notes).toEqual([
      'turns × redis-down is in the baseline, but was not run',
      'reads × redis-down has no baseline',
    ]);
    const failed = compareReports(reportOf([{ flaw: 'harness' }]), recorded);
    expect(failed).toMatchObject({
      worse: false,
      notes: ['turns × redis-down is not compared: the harness failed'],
    });
  });
});

describe('comparing timings', () => {
  it('finds what became three times as slow, and says by how much', () => {
    const comparison = compareReports(reportOf([{ seed: 's', slowdown: 3 }]), recorded);
    expect(comparison.worse).toBe(true);
    const worse = comparison.timings.filter(({ outcome }) => outcome === 'worse');
    expect(worse.map(({ phase, metric }) => `${phase} ${metric}`)).toContain('fault p50');
    for (const { ratio, interval, cliffsDelta } of worse) {
      expect(ratio).toBeGreaterThan(1.5);
      expect(interval?.[0]).toBeGreaterThan(1);
      expect(cliffsDelta).toBeGreaterThan(0.474);
    }
    expect(
      comparison.reasons.some((reason) =>
        reason.startsWith('p50 in the fault of turns × redis-down went from'),
      ),
    ).toBe(true);
  });

  it('tells what became faster and does not call it worse', () => {
    const comparison = compareReports(recorded, reportOf([{ seed: 's', slowdown: 3 }]));
    expect(comparison.worse).toBe(false);
    expect(comparison.timings.some(({ outcome }) => outcome === 'better')).toBe(true);
  });

  it('reports no false positive for identical code in 60 pairs', () => {
    const seeds = Array.from({ length: 60 }, (_, index) => `pair-${index}`);
    const alarms = seeds.filter((seed) => compareReports(reportOf([{ seed }]), recorded).worse);
    expect(alarms).toEqual([]);
  });

  it('finds a threefold slow-down in each of 20 pairs', () => {
    const seeds = Array.from({ length: 20 }, (_, index) => `slow-${index}`);
    const missed = seeds.filter((seed) => !compareReports(reportOf([{ seed, slowdown: 3 }]), recorded).worse);
    expect(missed).toEqual([]);
  });

  it('gives the same answer to the same question', () => {
    const current = reportOf([{ seed: 's', slowdown: 1.4 }]);
    expect(compareReports(current, recorded)).toEqual(compareReports(current, recorded));
  });

  it('compares only verdicts between unlike environments, and names the difference', () => {
    const { provider, machine } = recorded;
    const slow = reportOf([{ slowdown: 3 }], { machine: { ...machine, cpus: 64 } });
    expect(compareReports(slow, recorded)).toMatchObject({
      worse: false,
      timings: [],
      unlike: ['cpus: recorded with 2, now 64'],
    });
    const faster = reportOf([{}], { machine: { ...machine, cpuModel: 'another' } });
    expect(compareReports(faster, recorded).unlike).toEqual([
      `processor: recorded with ${machine.cpuModel}, now another`,
    ]);
    const real = reportOf([{}], { provider: { ...provider, mongo: { ...provider.mongo, kind: 'real' } } });
    expect(compareReports(real, recorded).unlike).toEqual(['mongo: recorded with embedded, now real']);
  });

  it('compares no timings of another load', () => {
    const comparison = compareReports(reportOf([{ ratePerSecond: 80, slowdown: 3 }]), recorded);
    expect(comparison).toMatchObject({
      worse: false,
      timings: [],
      notes: ['timings of turns × redis-down are not compared: another load'],
    });
  });

  it('compares verdicts but not timings of cells run by another number of workers', () => {
    const current = reportOf([{ slowdown: 3 }]);
    const cells = current.cells.map((cell) => ({
      ...cell,
      config: { ...cell.config, load: { ...Object(cell.config['load']), workers: 2 } },
      verdicts: cell.verdicts.map((verdict) => ({ ...verdict, verdict: 'false' as const })),
    }));
    const comparison = compareReports({ ...current, cells }, recorded);
    expect(comparison).toMatchObject({
      worse: true,
      timings: [],
      notes: [
        'timings of turns × redis-down are not compared: another number of workers: recorded with 1, now 2',
      ],
    });
    expect(comparison.changes.length).toBeGreaterThan(0);
  });

  it('speaks of a phase too short for a series only when it is several times as slow', () => {
    const brief = (slowdown: number) => reportOf([{ seconds: 8, seed: `brief-${slowdown}`, slowdown }]);
    const outcome = (slowdown: number) =>
      compareReports(brief(slowdown), brief(1)).timings.find(
        ({ phase, metric }) => phase === 'fault' && metric === 'p50',
      )?.outcome;
    expect(outcome(1.01)).toBe('same');
    expect(outcome(2.5)).toBe('same');
    expect(outcome(10)).toBe('worse');
    const seldom = compareReports(brief(1), brief(1)).timings;
    expect(seldom.filter(({ metric }) => metric === 'p99').map((timing) => timing.outcome)).toContain(
      'too-few',
    );
  });

  it('reports no false positive for identical code in 60 short pairs', () => {
    const short = (seed: string) => reportOf([{ seconds: 8, seed }]);
    const seeds = Array.from({ length: 60 }, (_, index) => `short-${index}`);
    expect(seeds.filter((seed) => compareReports(short(seed), short('record')).worse)).toEqual([]);
  });

  it('takes several runs for reference, and what differs among them for noise', () => {
    const references = [1, 2.2, 3].map((slowdown, index) => reportOf([{ seed: `r${index}`, slowdown }]));
    const current = reportOf([{ seed: 'now', slowdown: 3 }]);
    expect(compareReports(current, references[0] ?? []).worse).toBe(true);
    expect(compareReports(current, references).worse).toBe(false);
  });

  describe('with several runs as reference', () => {
    const cell = { fault: 'none', seconds: 8, ratePerSecond: 60 };
    const runs = (count: number, slowdown = 1) =>
      Array.from({ length: count }, (_, index) =>
        reportOf([{ ...cell, seed: `run-${slowdown}-${index}`, slowdown }], { id: `run-${index}` }),
      );

    it('learns from them how much identical code differs, and finds what a single one could not show', () => {
      const now = reportOf([{ ...cell, seed: 'now', slowdown: 1.3 }]);
      expect(compareReports(now, runs(1)).worse).toBe(false);
      const comparison = compareReports(now, runs(8));
      expect(comparison.reasons).toEqual([
        expect.stringMatching(/^p50 in the baseline of turns × none went/),
      ]);
      const p50 = comparison.timings.find(({ metric }) => metric === 'p50');
      expect(p50?.limit).toBeGreaterThanOrEqual(1.1);
      expect(p50?.limit).toBeLessThan(1.3);
      expect(comparisonSchema.safeParse(comparison).success).toBe(true);
    });

    it('is content with one more of the same, and with what is faster', () => {
      const outcomes = (slowdown: number) => {
        const now = reportOf([{ ...cell, seed: 'now', slowdown }]);
        const { worse, timings } = compareReports(now, runs(8));
        return { worse, p50: timings.find(({ metric }) => metric === 'p50')?.outcome };
      };
      expect(outcomes(1)).toEqual({ worse: false, p50: 'same' });
      expect(outcomes(0.7)).toEqual({ worse: false, p50: 'better' });
    });

    it('holds the verdicts of each cell against the first run that had it', () => {
      const both = reportOf([{ fault: 'none' }, { fault: 'redis-down', flaw: 'lost-turn' }]);
      const references = [reportOf([{ fault: 'none' }]), reportOf([{ fault: 'redis-down' }])];
      const { reasons, notes } = compareReports(both, references);
      expect(reasons).toEqual(['I1 in turns × redis-down was held and is violated']);
      expect(notes).toEqual([]);
    });

    it('grows tolerant where they scatter', () => {
      const scattered = [0.8, 1, 1.3, 0.9, 1.1, 1.25].map((slowdown, index) =>
        reportOf([{ ...cell, seed: `scattered-${index}`, slowdown }]),
      );
      const now = reportOf([{ ...cell, seed: 'now', slowdown: 1.6 }]);
      expect(compareReports(now, runs(6)).worse).toBe(true);
      expect(compareReports(now, scattered).worse).toBe(false);
    });

    it('leaves out those of another machine, and says which', () => {
      const { machine } = recorded;
      const foreign = runs(5).map((report) => ({ ...report, machine: { ...machine, cpus: 64 } }));
      const now = reportOf([{ ...cell, seed: 'now', slowdown: 1.3 }]);
      const { worse, notes } = compareReports(now, [...runs(1), ...foreign]);
      expect(worse).toBe(false);
      expect(notes).toContain('run-4 is not used for timings: cpus: recorded with 64, now 2');
    });
  });
});
