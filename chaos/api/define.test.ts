import { describe, expect, it } from 'vitest';
import { defaultInvariants } from '../../reports/checkers/defaults.ts';
import { UsageError } from '../errors.ts';
import { defineScenario, defineTarget, type ScenarioDefinition } from './define.ts';
import { invariant } from './invariant.ts';
import type { TargetDefinition } from './target.ts';

const bare: ScenarioDefinition = { script: 'first.k6.ts', rate: 1, duration: '1s' };
const target: TargetDefinition = {
  name: 'shop',
  processes: { api: { command: ['node', 'a path/server.js'] } },
  env: () => ({}),
  scenarios: [defineScenario(bare)],
};
const named = (name: string) => invariant({ name, check: () => [] });
const namesIn = ({ scenarios }: Pick<TargetDefinition, 'scenarios'>) =>
  scenarios[0]?.invariants.map((one) => one.invariant) ?? [];
const defaults = defaultInvariants().map((one) => one.invariant);

describe('default invariants', () => {
  it('are added to what a scenario names', () => {
    const own = defineScenario({ ...bare, invariants: [named('kept')] });
    expect(namesIn(defineTarget({ ...target, scenarios: [own] }))).toEqual(['kept', ...defaults]);
  });

  it('give way to one of the same name', () => {
    const own = named('availability');
    const { scenarios } = defineTarget({
      ...target,
      scenarios: [defineScenario({ ...bare, invariants: [own] })],
    });
    expect(scenarios[0]?.invariants.filter((one) => one.invariant === 'availability')).toEqual([own]);
  });

  it('are left out where the target says so', () => {
    expect(namesIn(defineTarget({ ...target, defaultInvariants: false }))).toEqual([]);
  });
});

/** Each value is one that a user's file may hold, whatever its types say. */
const wrongTargets: readonly [string, object, RegExp][] = [
  ['an unknown field', { colour: 1 }, /target "shop", colour: unknown field/],
  [
    'an unknown field of a process',
    { processes: { api: { command: ['a'], prot: 'P' } } },
    /processes\.api\.prot: unknown field/,
  ],
  [
    'a command that is a text',
    { processes: { api: { command: 'node server.js' } } },
    /processes\.api\.command/,
  ],
  ['no process', { processes: {} }, /processes: must name a process/],
  ['an env that is no function', { env: {} }, /target "shop", env/],
  ['a dependency without a port', { needs: { mail: { tcp: 'localhost' } } }, /needs\.mail/],
  ['a dependency named redis', { needs: { redis: { tcp: 'a:1' } } }, /needs: redis and mongo are there/],
  ['no scenario', { scenarios: [] }, /scenarios/],
  [
    'two scenarios of one name',
    { scenarios: [defineScenario(bare), defineScenario(bare)] },
    /two are named "first"/,
  ],
];
it.each(wrongTargets)('refuses a target with %s by its field', (_, change, words) => {
  const define = () => defineTarget({ ...target, ...change } as TargetDefinition);
  expect(define).toThrow(UsageError);
  expect(define).toThrow(words);
});

const attach = {
  urls: { api: ['http://127.0.0.1:3000'] },
  ports: { redis: 16_379, mongo: 27_117 },
  database: 'shop',
};
const attached: TargetDefinition = { name: 'shop', attach, scenarios: [defineScenario(bare)] };

it('takes a target that is attached in place of processes', () => {
  expect(defineTarget(attached)).toMatchObject({ attach, processes: {} });
});

const wrongAttached: readonly [string, object, RegExp][] = [
  ['processes', { processes: target.processes }, /target "shop", processes: does not go with attach/],
  ['steps to build it', { build: [['make']] }, /target "shop", build: does not go with attach/],
  ['env', { env: () => ({}) }, /target "shop", env: does not go with attach/],
  ['neither processes nor addresses', { attach: undefined }, /target "shop", processes: is missing/],
  [
    'an address without a protocol',
    { attach: { ...attach, urls: { api: ['a:1'] } } },
    /attach\.urls\.api\.0/,
  ],
  ['no address', { attach: { ...attach, urls: {} } }, /attach\.urls: must name an address/],
  [
    'a port for nothing',
    { attach: { ...attach, ports: { mail: 2_525 } } },
    /attach\.ports\.mail: is nothing/,
  ],
  [
    'one port for two stores',
    { attach: { ...attach, ports: { redis: 16_379, mongo: 16_379 } } },
    /attach\.ports: redis and mongo have the same port/,
  ],
  ['a database with a space', { attach: { ...attach, database: 'my shop' } }, /attach\.database/],
  ['an unknown field', { attach: { ...attach, url: 'http://a' } }, /attach\.url: unknown field/],
  ['no way to find its stores', { attach: undefined, processes: target.processes }, /env: is missing/],
];
it.each(wrongAttached)('refuses an attached target with %s by its field', (_, change, words) => {
  const define = () => defineTarget({ ...attached, ...change } as TargetDefinition);
  expect(define).toThrow(UsageError);
  expect(define).toThrow(words);
});

const wrongScenarios: readonly [string, object, RegExp][] = [
  ['an unknown field', { fault: ['redis-down'] }, /scenario "first.k6.ts", fault: unknown field/],
  ['a rate that is a text', { rate: '5' }, /scenario "first.k6.ts", rate/],
  ['a duration without a unit', { duration: '5 parsecs' }, /duration/],
  ['an invariant that is a function', { invariants: [() => []] }, /invariants\.0: must be an invariant/],
  [
    'two invariants of one name',
    { invariants: [named('kept'), named('kept')] },
    /invariants: two are named "kept"/,
  ],
];
it.each(wrongScenarios)('refuses a scenario with %s by its field', (_, change, words) => {
  const define = () => defineScenario({ ...bare, ...change } as ScenarioDefinition);
  expect(define).toThrow(UsageError);
  expect(define).toThrow(words);
});
