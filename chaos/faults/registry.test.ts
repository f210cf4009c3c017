import { expect, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { sample, samplePlanning } from '../testing/sample/sample.ts';
import { atCallName } from './at-call/at-call.ts';
import { faultsOf } from './registry.ts';

const faults = [...samplePlanning.faults.values()];

test('faults are listed once each, in alphabetical order', () => {
  const names = faults.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].toSorted());
  for (const name of names) expect(samplePlanning.faults.get(name)?.name).toBe(name);
});

test.each(faults)('$name draws parameters of its own schema from a seed, and refuses others', (fault) => {
  for (let seed = 0; seed < 50; seed += 1) {
    const drawn = fault.draw(seededRandom(seed));
    fault.check(drawn);
    expect(fault.draw(seededRandom(seed))).toEqual(drawn);
  }
  expect(() => fault.check({ ...fault.draw(seededRandom(0)), nonsense: true })).toThrow(/nonsense/);
});

test.each(faults)(
  '$name says what it breaks, and does not need that for its effect to be observed',
  (fault) => {
    // A call is no part that a second fault could break as well.
    expect(fault.breaks.length > 0 || fault.name === atCallName).toBe(true);
    expect(fault.breaks.filter((part) => fault.proofNeeds.includes(part))).toEqual([]);
    expect(fault.title).not.toBe('');
  },
);

/** Checkers rely on the names: reads must be served under every fault that breaks Redis alone. */
test.each(['mongo', 'redis'])('faults by the name of %s break that and nothing else', (part) => {
  const named = faults.filter(({ name }) => name.startsWith(`${part}-`));
  const alone = faults.filter(
    ({ breaks }) => breaks.length === 1 && breaks.every((broken) => broken === part),
  );
  expect(named).toEqual(alone);
});

test('each role of a target can be killed and paused', () => {
  const names = faults.map(({ name }) => name);
  for (const role of Object.keys(sample.processes)) {
    expect(names).toEqual(expect.arrayContaining([`${role}-killed`, `${role}-paused`]));
  }
});

test('a fault of the target replaces the built-in one of the same name', () => {
  const [own] = faults.filter(({ name }) => name === 'redis-down');
  const title = 'Redis unreachable, as this target means it';
  const all = faultsOf({ processes: sample.processes, faults: own === undefined ? [] : [{ ...own, title }] });
  expect(all.get('redis-down')?.title).toBe(title);
  expect(all.size).toBe(faults.length);
});

test('an attached target has the faults of the network and of its stores, and none of its processes', () => {
  const attach = { urls: { api: ['http://127.0.0.1:3000'] }, ports: { redis: 16_379 }, database: 'shop' };
  const names = [...faultsOf({ attach, processes: {}, needs: { mail: { tcp: '127.0.0.1:25' } } }).keys()];
  expect(names).toContain('redis-down');
  expect(names).toContain('mail-slow');
  expect(names.filter((name) => /killed|paused|rolling|clock|call/.test(name))).toEqual([]);
});
