/** Options from text to scenarios: durations, flags, variables, which layer wins, and what is refused. */
import { describe, expect, test } from 'vitest';
import { deriveScenarios, mergeOptions } from './consolidate.ts';
import type { OptionLayer } from './consolidate.ts';
import type { Options } from './options.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { optionsFromEnvironment } from './environment.ts';
import { parseCommandLine } from './flags.ts';
import { parseOptions } from './parse-options.ts';
import { defaultSettings, settingsFromEnvironment } from './settings.ts';

test.each([
  ['1h2m3s', 3_723_000],
  ['1d', 86_400_000],
  ['1.5s', 1500],
  ['.5s', 500],
  ['250us', 0.25],
  ['100', 100],
  [100, 100],
  ['0', 0],
  ['-1s', -1000],
  ['', undefined],
  ['1', 1],
  ['1x', undefined],
  ['s', undefined],
  ['1s garbage', undefined],
  [Number.NaN, undefined],
])('the duration %j is %j ms', (text, expectedMs) => {
  expect(parseDuration(text)).toBe(expectedMs);
});

test.each([
  [0, '0s'],
  [0.25, '250µs'],
  [500, '500ms'],
  [90_000, '1m30s'],
  [3_600_000, '1h0m0s'],
])('%j ms are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

describe('flags', () => {
  const parse = (...words: string[]) => parseCommandLine('run', words, defaultSettings());

  test('are read in all their forms', () => {
    const line =
      '--vus=5 -d 10s s.ts -e A=b=c --tag x=1 --tag y=2 -s 1s:2,2s:3 --stage 3s:4 ' +
      '-o json=a -o json=b -q --no-setup --no-thresholds=false -i10';
    const { options, script, settings } = parse(...line.split(' '));
    expect(script).toBe('s.ts');
    expect(options).toEqual({
      duration: '10s',
      iterations: 10,
      noSetup: true,
      stages: [
        { duration: '1s', target: 2 },
        { duration: '2s', target: 3 },
        { duration: '3s', target: 4 },
      ],
      tags: { x: '1', y: '2' },
      vus: 5,
    });
    expect(settings).toMatchObject({
      environment: { A: 'b=c' },
      noThresholds: false,
      outputs: ['json=a', 'json=b'],
      quiet: true,
    });
  });

  test.each([
    [['s.ts', '--nope']],
    [['s.ts', '--vus', 'x']],
    [['s.ts', '--duration', 'x']],
    [['s.ts', '--vus']],
    [['s.ts', '-e', 'novalue']],
    [['s.ts', '--log-format', 'xml']],
    [['s.ts', 'other.ts']],
    [[]],
  ])('%j is bad usage', (words) => {
    expect(() => parse(...words)).toThrow(expect.objectContaining({ exitCode: 255, reason: 'usage' }));
  });
});

test('variables are read as options and settings', () => {
  const environment = {
    K6_LOG_FORMAT: 'raw',
    K6_NO_TEARDOWN: 'true',
    K6_STAGES: '1s:1',
    K6_SUMMARY_TREND_STATS: 'avg,p(99)',
    K6_VUS: '3',
  };
  expect(optionsFromEnvironment(environment)).toEqual({
    noTeardown: true,
    stages: [{ duration: '1s', target: 1 }],
    summaryTrendStats: ['avg', 'p(99)'],
    vus: 3,
  });
  expect(settingsFromEnvironment(environment).logFormat).toBe('raw');
  expect(() => optionsFromEnvironment({ K6_VUS: 'many' })).toThrow(/K6_VUS/);
});

const layered = (...layers: Options[]): OptionLayer<Options>[] =>
  layers.map((options, index) => ({ name: index === 0 ? 'script' : 'cli', options }));
const derived = (options: Options) => deriveScenarios(options).scenarios;

test('a number of VUs alone stands for so many iterations, in place of the scenarios', () => {
  const scenarios = { full: { duration: '1h', executor: 'constant-vus', vus: 500 } };
  expect(deriveScenarios({ scenarios, vus: 2 })).toMatchObject({
    scenarios: [{ executor: 'shared-iterations', iterations: 2, name: 'default', vus: 2 }],
    warnings: ['`vus=2` overrides scenarios configuration'],
  });
  expect(derived({ scenarios })).toMatchObject([{ name: 'full', vus: 500 }]);
});

describe('layers', () => {
  test('later ones win, and what they do not say stays', () => {
    const layers = layered({ tags: { a: '1' }, vus: 1 }, { throw: true, vus: 2 }, { vus: 3 });
    expect(mergeOptions(layers)).toEqual({
      options: { tags: { a: '1' }, throw: true, vus: 3 },
      warnings: [],
    });
  });

  test('a layer that says what to execute replaces what earlier ones said', () => {
    const script = parseOptions(
      { scenarios: { a: { executor: 'per-vu-iterations' } }, vus: 7 },
      'script',
    ).options;
    const flags = parseOptions({ duration: '5s' }, 'command line').options;
    const { options: merged, warnings } = mergeOptions(layered(script, flags));
    expect(warnings).toEqual(['"cli" level configuration overrode scenarios configuration entirely']);
    expect(merged).toEqual({ duration: 5000, vus: 7 });
    expect(derived(merged)).toMatchObject([
      { duration: 5000, executor: 'constant-vus', name: 'default', vus: 7 },
    ]);
  });

  test('null leaves an option as it was, unknown names are warned of, unsupported ones refused', () => {
    expect(parseOptions({ vus: null }, 'script').options).toEqual({});
    expect(parseOptions({ nope: 1 }, 'script').warnings).toHaveLength(1);
    expect(() => parseOptions({ executionSegment: '0:1/2' }, 'script')).toThrow(/not supported/);
  });
});

describe('scenarios', () => {
  test('shortcuts stand for executors', () => {
    expect(derived({})).toMatchObject([{ executor: 'per-vu-iterations', iterations: 1, vus: 1 }]);
    expect(derived({ duration: 5000, iterations: 4, vus: 2 })).toMatchObject([
      { executor: 'shared-iterations', iterations: 4, maxDuration: 5000, vus: 2 },
    ]);
    expect(derived({ stages: [{ duration: 1, target: 2 }], vus: 3 })).toMatchObject([
      { executor: 'ramping-vus', gracefulRampDown: 30_000, startVUs: 3 },
    ]);
    const stages = [{ duration: 1000, target: 1 }];
    expect(() => derived({ duration: 1000, stages })).toThrow(/simultaneously/);
  });

  const arrival = { duration: '1s', executor: 'constant-arrival-rate', preAllocatedVUs: 1, rate: 1 };
  test.each([
    ['an unknown field', { duration: '1s', executor: 'constant-vus', vsu: 1 }],
    ['no executor', { vus: 1 }],
    ['no VUs', { duration: '1s', executor: 'constant-vus', vus: 0 }],
    ['half a VU', { duration: '1s', executor: 'constant-vus', vus: 0.5 }],
    ['no duration', { executor: 'constant-vus' }],
    ['a short duration', { duration: '999ms', executor: 'constant-vus' }],
    ['a negative start', { duration: '1s', executor: 'constant-vus', startTime: '-1s' }],
    ['an empty exec', { duration: '1s', exec: '', executor: 'constant-vus' }],
    ['env that is no text', { duration: '1s', env: { A: 1 }, executor: 'constant-vus' }],
    ['no stages', { executor: 'ramping-vus', stages: [] }],
    ['a stage with more', { executor: 'ramping-vus', stages: [{ duration: '1s', target: 1, vus: 2 }] }],
    [
      'no VUs in any stage',
      { executor: 'ramping-vus', stages: [{ duration: '1s', target: 0 }], startVUs: 0 },
    ],
    ['fewer iterations than VUs', { executor: 'shared-iterations', iterations: 1, vus: 2 }],
    ['a rate of 0', { ...arrival, rate: 0 }],
    ['maxVUs below preAllocatedVUs', { ...arrival, maxVUs: 1, preAllocatedVUs: 2 }],
    ['no VUs for arrivals', { ...arrival, preAllocatedVUs: 0 }],
    ['no preAllocatedVUs', { duration: '1s', executor: 'constant-arrival-rate', rate: 1 }],
    ['a time unit of 0', { ...arrival, timeUnit: '0s' }],
  ])('%s is an invalid configuration', (_what, scenario) => {
    expect(() => derived({ scenarios: { test: scenario } })).toThrow(
      expect.objectContaining({ exitCode: 104 }),
    );
  });

  test.each(['', 'a b', 'ä', 'a.b'])('the name %j is refused', (name) => {
    expect(() => derived({ scenarios: { [name]: { executor: 'per-vu-iterations' } } })).toThrow(/name/);
  });
});
