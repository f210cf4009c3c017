import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cell, Report } from '../../reports/record/report.ts';
import { syntheticCell, syntheticReport } from '../../reports/testing/synthetic-report.ts';
import { differencesFrom } from './differences.ts';
import { chooseFailures, openRecord } from './reproduce.ts';

function cellOf(scenario: string, fault: string, violated: readonly string[]): Cell {
  const { cell } = syntheticCell({ scenario, fault, seconds: 2, ratePerSecond: 5 });
  const verdicts = ['I1', 'I10'].map((invariant) => ({
    invariant,
    title: `${invariant} as a sentence`,
    verdict: violated.includes(invariant) ? ('false' as const) : ('true' as const),
    reason: '',
    witnesses: [],
  }));
  const crossed = violated.includes('latency') ? ('false' as const) : ('true' as const);
  const thresholds = [
    { metric: 'redcliff_unavailable', expression: 'rate<=0.25', verdict: 'true' as const },
    { metric: 'redcliff_latency', expression: 'p(99)<=3000', verdict: crossed },
  ];
  return { ...cell, verdicts, thresholds };
}

const report = syntheticReport([
  cellOf('turns', 'none', []),
  cellOf('turns', 'redis-down', ['I10', 'latency']),
  cellOf('writes', 'redis-down', ['I1', 'I10']),
]);
const all = { caseName: null, cell: undefined, alsoHeld: false };

describe('what is chosen from a report', () => {
  const chosen = (choice: Partial<Parameters<typeof chooseFailures>[1]>) =>
    chooseFailures(report, { ...all, ...choice }).map(({ cell, symptoms }) => [
      `${cell.scenario} ${cell.fault}`,
      ...symptoms.map(({ name }) => name),
    ]);

  it('is every cell in which something was violated', () => {
    expect(chosen({})).toEqual([
      ['turns redis-down', 'I10', 'redcliff_latency'],
      ['writes redis-down', 'I1', 'I10'],
    ]);
  });

  it.each([
    'turns×redis-down',
    'turns × redis-down',
    'turns/redis-down',
    'turns:redis-down',
    'turns.redis-down',
    'turns x redis-down',
  ])('is the cell called %s', (cell) => {
    expect(chosen({ cell })).toEqual([['turns redis-down', 'I10', 'redcliff_latency']]);
  });

  it.each([
    ['I1', [['writes redis-down', 'I1']]],
    ['I1 I1 as a sentence', [['writes redis-down', 'I1']]],
    ['turns.redis-down I10 I10 as a sentence', [['turns redis-down', 'I10']]],
    ['turns.redis-down.I10', [['turns redis-down', 'I10']]],
    ['threshold redcliff_latency p(99)<=3000', [['turns redis-down', 'redcliff_latency']]],
  ])('is the case %s of junit.xml', (caseName, expected) => {
    expect(chosen({ caseName })).toEqual(expected);
  });

  it('may be a cell in which all was well, when that is allowed', () => {
    expect(chosen({ cell: 'turns×none', alsoHeld: true })).toEqual([['turns none']]);
  });

  it.each([
    [
      { cell: 'turns×mongo-down' },
      /--cell "turns×mongo-down" is not in the report/,
      /turns×none, turns×redis-down/,
    ],
    [{ cell: 'turns×none' }, /nothing was violated in turns × none/, /violated: turns.redis-down I10/],
    [{ caseName: 'I2' }, /no failed case of the run is called "I2"/, /writes.redis-down I1/],
  ])('is refused for %j, with what there is', (choice, message, hint) => {
    expect(() => chosen(choice)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
        exitStatus: 64,
      }),
    );
  });
});

describe('REPORT', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'record-'));
    await writeFile(join(folder, 'report.json'), JSON.stringify(report));
    await writeFile(join(folder, 'junit.xml'), '<testsuites/>');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['', null],
    ['/report.json', null],
    ['/junit.xml', null],
    ['/junit.xml#turns.redis-down I10', 'turns.redis-down I10'],
    ['#I10', 'I10'],
  ])('may be FOLDER%s', async (suffix, caseName) => {
    const opened = await openRecord(`${folder}${suffix}`);
    expect(opened.caseName).toBe(caseName);
    expect(opened.report.cells).toHaveLength(3);
  });

  it('is refused when it is not there, or alone', async () => {
    await expect(openRecord('/nowhere')).rejects.toThrow(/REPORT "\/nowhere" does not exist/);
    await writeFile(join(folder, 'alone.xml'), '');
    await rm(join(folder, 'report.json'));
    await expect(openRecord(join(folder, 'junit.xml'))).rejects.toThrow(/has no report.json beside it/);
  });
});

describe('differences from the record', () => {
  const now = (changes: Partial<Report>): Report => ({ ...report, ...changes });

  it('are none in the same place', () => {
    expect(differencesFrom({ ...report, commit: 'a' }, now({ commit: 'a' }))).toEqual([]);
  });

  it('name what is another, and what may be', () => {
    const provider = { ...report.provider, mongo: { kind: 'real', program: 'mongod', version: '8.0' } };
    const versions = { ...report.versions, node: '25.0.0', ioredis: '6.0.0' };
    const lines = differencesFrom({ ...report, commit: 'a' }, now({ commit: 'b', provider, versions }));
    expect(lines).toContain('commit: recorded with a, now b');
    expect(lines).toContainEqual(expect.stringMatching(/^mongo: recorded with .*, now real mongod 8.0$/));
    expect(lines).toContainEqual(expect.stringMatching(/^version of node: .*, now 25.0.0$/));
    const changed = 'a+changes';
    expect(differencesFrom({ ...report, commit: changed }, now({ commit: changed }))).toEqual([
      'commit: a+changes, and the changes on top may be others now',
    ]);
  });
});
