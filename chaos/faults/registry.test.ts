import { expect, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { faults, findFault } from './registry.ts';

test('faults are listed once each, in alphabetical order', () => {
  const names = faults.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].toSorted());
  for (const name of names) expect(findFault(name)?.name).toBe(name);
});

test.each(faults)('$name draws parameters of its own schema from a seed, and refuses others', (fault) => {
  for (let seed = 0; seed < 50; seed += 1) {
    const drawn = fault.draw(seededRandom(seed));
    fault.check(drawn);
    expect(fault.draw(seededRandom(seed))).toEqual(drawn);
  }
  expect(() => fault.check({ ...fault.draw(seededRandom(0)), nonsense: true })).toThrow(/nonsense/);
});

test.each(faults)('$name says what it breaks, and does not need that for its proof', (fault) => {
  expect(fault.breaks.length).toBeGreaterThan(0);
  expect(fault.breaks.filter((part) => fault.proofNeeds.includes(part))).toEqual([]);
  expect(fault.title).not.toBe('');
});

/** Checkers go by the names: reads have to be served whatever is done to Redis, as long as nothing else is broken. */
test.each(['mongo', 'redis'])('faults by the name of %s break that and nothing else', (part) => {
  const named = faults.filter(({ name }) => name.startsWith(`${part}-`));
  const alone = faults.filter(
    ({ breaks }) => breaks.length === 1 && breaks.every((broken) => broken === part),
  );
  expect(named).toEqual(alone);
});
