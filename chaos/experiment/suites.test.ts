import { expect, test } from 'vitest';
import { experiments } from '../../scenarios/registry.ts';
import { UsageError } from '../errors.ts';
import { findFault, noOutage } from '../faults/registry.ts';
import { parseSuite, suiteNames } from './suites.ts';

test.each(suiteNames)('the suite %s is known by its name', (name) => {
  expect(parseSuite(name)).toBe(name);
});

test('another name is refused with the field and the names there are', () => {
  expect(() => parseSuite('nightly')).toThrow(UsageError);
  expect(() => parseSuite('nightly')).toThrow('--suite "nightly" does not exist');
});

test.each(experiments)(
  '$name declares outages that exist, each once',
  ({ outages, moreOutages = [], smokeOutages = [] }) => {
    const declared = [...outages, ...moreOutages];
    expect(new Set(declared).size).toBe(declared.length);
    for (const outage of declared) expect(findFault(outage)?.name).toBe(outage);
    for (const outage of smokeOutages) expect([noOutage, ...declared]).toContain(outage);
  },
);
