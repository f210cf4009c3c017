/** The rules by which Ant, Jenkins (xunit) and GitLab read JUnit XML, in our own words, and reports that have to keep them. */
import { describe, expect, it } from 'vitest';
import type { Injection, InjectionResult } from '../exploration/exploration.ts';
import type { Report } from '../record/report.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { renderJunit } from './render-junit.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Reads elements, attributes and text: all that such a file has. Throws Error for what is not well formed. */
function parse(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [, text = '', closing, name = '', given = '', alone] of body.matchAll(
    /([^<]*)<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
  )) {
    const here = open.at(-1) ?? top;
    here.text += text;
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> ends what it did not begin`);
      continue;
    }
    const attributes = Object.fromEntries(
      [...given.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    );
    const element: Element = { name, attributes, children: [], text: '' };
    here.children.push(element);
    if (alone !== '/') open.push(element);
  }
  const [root, another] = top.children;
  if (root === undefined || another !== undefined || open.length !== 1)
    throw new Error('not one whole element');
  return root;
}

const small = { seconds: 12, ratePerSecond: 40 };
const cells = [
  syntheticCell({ scenario: 'turns', fault: 'none', ...small }).cell,
  syntheticCell({ scenario: 'turns', fault: 'redis-down', flaw: 'lost-turn', ...small }).cell,
  syntheticCell({ scenario: 'reads', fault: 'redis-slow', flaw: 'unobserved', ...small }).cell,
  syntheticCell({ scenario: 'writes', fault: 'mongo-down', flaw: 'harness', ...small }).cell,
];
const injection = (result: InjectionResult, fault: string, scenario = 'turns'): Injection => ({
  scenario,
  operation: 'train',
  call: 'api set lock:*',
  store: 'redis',
  fault,
  result,
  cell: null,
  reason: `it ${result} <"x">`,
  behaviour: '',
});
const exploration: NonNullable<Report['exploration']> = {
  injections: [
    injection('survived', 'reply-lost'),
    injection('violated', 'killed'),
    injection('undecided', 'late'),
    injection('not reached', 'error'),
    injection('survived', 'killed', 'reads'),
  ],
  notExplored: [],
  novelty: { injections: 5, behaviours: 2, share: 0.1, upTo: 0.3 },
  ended: 'the budget was used up',
  seconds: 60,
};
const reports: readonly (readonly [string, Report])[] = [
  ['nothing run', syntheticReport([])],
  ['cells of every outcome', syntheticReport(cells)],
  ['an exploration', syntheticReport(cells.slice(0, 1), { exploration })],
  [
    'long texts',
    syntheticReport(cells.map((cell) => ({ ...cell, harnessError: `died\n${'x'.repeat(1e6)}` }))),
  ],
];

const count = (elements: readonly Element[], name: string): number =>
  elements.filter(({ children }) => children.some((child) => child.name === name)).length;
const sum = (elements: readonly Element[], attribute: string): number =>
  elements.reduce((total, { attributes }) => total + Number(attributes[attribute]), 0);
const casesIn = (suite: Element): Element[] => suite.children.filter(({ name }) => name === 'testcase');

describe.each(reports)('the JUnit file of %s', (_, report) => {
  const root = parse(renderJunit(report));
  const suites = root.children;

  it('has one root with the totals of its suites, and no attribute that Jenkins does not know there', () => {
    expect(root.name).toBe('testsuites');
    expect(Object.keys(root.attributes).toSorted()).toEqual(['errors', 'failures', 'name', 'tests', 'time']);
    for (const total of ['tests', 'failures', 'errors'])
      expect([total, Number(root.attributes[total])]).toEqual([total, sum(suites, total)]);
    expect(root.attributes['time']).toMatch(/^\d+\.\d{3}$/);
  });

  it('has suites with all that Ant demands, numbered without a gap', () => {
    expect(suites.map(({ attributes }) => attributes['id'])).toEqual(suites.map((__, index) => `${index}`));
    for (const { name, attributes } of suites) {
      expect(name).toBe('testsuite');
      expect(Object.keys(attributes).toSorted()).toEqual([
        'errors',
        'failures',
        'hostname',
        'id',
        'name',
        'package',
        'skipped',
        'tests',
        'time',
        'timestamp',
      ]);
      // A date and time to the second, without a zone.
      expect(attributes['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    }
    const names = suites.map(({ attributes }) => attributes['name']);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has the parts of a suite in the order of Ant', () => {
    for (const { children } of suites)
      expect(children.map(({ name }) => name).join(' ')).toMatch(
        /^properties (?:testcase )+system-out system-err$/,
      );
  });

  it('has counts and times that its cases add up to', () => {
    for (const suite of suites) {
      const cases = casesIn(suite);
      const { tests, failures, errors, skipped, time } = suite.attributes;
      expect([tests, failures, errors, skipped].map(Number)).toEqual([
        cases.length,
        count(cases, 'failure'),
        count(cases, 'error'),
        count(cases, 'skipped'),
      ]);
      expect(sum(cases, 'time')).toBeCloseTo(Number(time), 6);
    }
  });

  it('has cases that GitLab can tell apart, with one outcome each', () => {
    for (const suite of suites) {
      const cases = casesIn(suite);
      const identities = cases.map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`);
      expect(new Set(identities).size).toBe(identities.length);
      for (const { attributes, children } of cases) {
        expect(Object.keys(attributes).toSorted()).toEqual(['classname', 'name', 'time']);
        expect(attributes['time']).toMatch(/^\d+(?:\.\d+)?$/);
        expect(children.length).toBeLessThanOrEqual(1);
        for (const { name, attributes: said } of children) {
          expect(['error', 'failure', 'skipped']).toContain(name);
          expect(Object.keys(said).toSorted()).toEqual(
            name === 'skipped' ? ['message'] : ['message', 'type'],
          );
        }
      }
    }
  });

  it('quotes no more than a server keeps in memory', () => {
    const texts = suites.flatMap(({ children }) => children.flatMap((child) => [child, ...child.children]));
    for (const { text } of texts) expect(text.length).toBeLessThan(10_000);
  });
});

it('reads a file that breaks a rule as broken', () => {
  expect(() => parse('<testsuites><testsuite></testsuites>')).toThrow('did not begin');
  expect(() => parse('<testsuites/><testsuites/>')).toThrow('not one whole');
});
