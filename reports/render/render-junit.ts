/**
 * JUnit XML, which every build server shows: a suite for each cell, a case for each invariant and threshold. A violation
 * is a failure; what is unknown, or failed in the harness, is an error, so that neither ever counts as passed.
 */
import type { Cell, Report, VerdictValue, Witness } from '../record/report.ts';
import { cellName, marks } from './headline.ts';
import { reproduceCommand } from './reproduce.ts';

interface Case {
  readonly name: string;
  readonly verdict: VerdictValue;
  readonly reason: string;
  readonly witnesses: readonly Witness[];
}

/** Ends with a line feed. */
export function renderJunit(report: Report): string {
  const suites = report.cells.map((cell) => suite(report, cell));
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="redcliff">`,
    ...suites,
    `</testsuites>`,
    '',
  ].join('\n');
}

function suite(report: Report, cell: Cell): string {
  const cases = casesOf(cell);
  const failures = cases.filter(({ verdict }) => verdict === 'false').length;
  const errors = cases.filter(({ verdict }) => verdict === 'unknown').length;
  const attributes = {
    name: cellName(cell),
    tests: cases.length,
    failures,
    errors,
    time: ((cell.endedMs - cell.startedMs) / 1000).toFixed(3),
    timestamp: new Date(cell.startedMs).toISOString().slice(0, 19),
  };
  const properties = {
    seed: cell.seed,
    commit: report.commit,
    provider: report.provider.name,
    command: reproduceCommand(report, cell),
  };
  return [
    `  <testsuite ${attributesOf(attributes)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property ${attributesOf({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases.map((one) => testCase(report, cell, one)),
    '  </testsuite>',
  ].join('\n');
}

function casesOf(cell: Cell): Case[] {
  const harness: Case = {
    name: 'the harness ran the cell to its end',
    verdict: cell.harnessError === null ? 'true' : 'unknown',
    reason: cell.harnessError ?? '',
    witnesses: [],
  };
  return [
    harness,
    ...cell.verdicts.map(({ invariant, title, ...rest }) => ({ name: `${invariant} ${title}`, ...rest })),
    ...cell.thresholds.map(({ metric, expression, verdict, reason }) => ({
      name: `threshold ${metric} ${expression}`,
      verdict,
      reason: `${metric} ${expression} is ${marks[verdict].word}${reason === undefined ? '' : `: ${reason}`}`,
      witnesses: [],
    })),
  ];
}

function testCase(report: Report, cell: Cell, { name, verdict, reason, witnesses }: Case): string {
  const open = `    <testcase ${attributesOf({ classname: `${cell.scenario}.${cell.fault}`, name, time: '0' })}`;
  if (verdict === 'true') return `${open}/>`;
  const element = verdict === 'false' ? 'failure' : 'error';
  const body = [
    reason,
    ...witnesses.map((witness) => `- ${witness.summary}\n  ${JSON.stringify(witness.facts)}`),
    `seed: ${cell.seed}`,
    `reproduce: ${reproduceCommand(report, cell)}`,
  ].join('\n');
  return [
    `${open}>`,
    `      <${element} ${attributesOf({ message: reason, type: marks[verdict].word })}>${escaped(body)}</${element}>`,
    '    </testcase>',
  ].join('\n');
}

function attributesOf(attributes: Record<string, string | number>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ');
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** Control characters and lone surrogates, which XML 1.0 can not carry at all, become U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"]/g, (sign) => entities.get(sign) ?? sign)
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (sign) => ('\t\n\r'.includes(sign) ? sign : '\uFFFD'));
}
