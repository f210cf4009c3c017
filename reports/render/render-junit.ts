/**
 * JUnit XML, which every build server shows: a suite for each cell, a case for each invariant and threshold. A violation
 * is a failure; what is unknown, or failed in the harness, is an error, so that neither ever counts as passed.
 */
import type { Injection } from '../exploration/exploration.ts';
import type { Cell, Report, VerdictValue, Witness } from '../record/report.ts';
import { cellName, cellOutcome, firstLine, marks, outcomeMarks } from './headline.ts';
import { reproduceCommand } from './reproduce.ts';

interface Case {
  readonly name: string;
  readonly verdict: VerdictValue;
  readonly reason: string;
  readonly witnesses: readonly Witness[];
  /** Servers add up the times of the cases: the whole cell is in its first one. */
  readonly seconds?: string;
}

/** Ends with a line feed. */
export function renderJunit(report: Report): string {
  const suites = report.cells.map((cell, index) => suite(report, cell, index));
  const explored = report.exploration?.injections ?? [];
  const cases = [...report.cells.flatMap(casesOf), ...explored.map(explorationCase)];
  const totals = {
    name: 'redcliff',
    tests: cases.length,
    failures: cases.filter(({ verdict }) => verdict === 'false').length,
    errors: cases.filter(({ verdict }) => verdict === 'unknown').length,
    time: ((Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000).toFixed(3),
  };
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites ${attributesOf(totals)}>`,
    ...suites,
    ...explorationSuites(report),
    `</testsuites>`,
    '',
  ].join('\n');
}

/** A case for each injection; what did not run is skipped. */
function explorationSuites(report: Report): string[] {
  const injections = report.exploration?.injections ?? [];
  return [...Map.groupBy(injections, ({ scenario }) => scenario)].map(([scenario, own], index) => {
    const count = (verdict: VerdictValue): number =>
      own.filter((injection) => explorationCase(injection).verdict === verdict).length;
    const attributes = {
      name: `${scenario} explored`,
      tests: own.length,
      failures: count('false'),
      errors: count('unknown'),
      skipped: own.filter(({ result }) => notRun.has(result)).length,
      hostname: 'localhost',
      id: report.cells.length + index,
      package: 'redcliff',
      time: '0',
      timestamp: report.startedAt.slice(0, timestampLength),
    };
    const said = `${scenario} explored: ${report.exploration?.ended ?? ''}`;
    return suiteOf(
      attributes,
      propertiesOf(report, report.seed, report.command),
      own.map((injection) => injectionCase(report, injection)),
      bounded(said, systemOutMax),
    );
  });
}

/** Ant's rules want all parts, in this order, also where they are empty. */
function suiteOf(
  attributes: Record<string, string | number>,
  properties: Record<string, string>,
  cases: readonly string[],
  said: string,
): string {
  return [
    `  <testsuite ${attributesOf(attributes)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property ${attributesOf({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases,
    `    <system-out>${escaped(said)}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
  ].join('\n');
}

function propertiesOf(report: Report, seed: string, command: string): Record<string, string> {
  return { seed, commit: report.commit, provider: report.provider.name, command };
}

const notRun: ReadonlySet<Injection['result']> = new Set(['not reached', 'not tried', 'skipped']);

function explorationCase({ call, fault, operation, result, reason }: Injection): Case {
  const verdict = result === 'violated' ? 'false' : result === 'undecided' ? 'unknown' : 'true';
  return { name: `${operation ?? '(by itself)'}: ${call} × ${fault}`, verdict, reason, witnesses: [] };
}

function injectionCase(report: Report, injection: Injection): string {
  const { name, verdict, reason } = explorationCase(injection);
  const attributes = { classname: `${injection.scenario}.explored`, name, time: '0' };
  if (notRun.has(injection.result)) {
    return `    <testcase ${attributesOf(attributes)}><skipped ${attributesOf({ message: bounded(`${injection.result}: ${reason}`, messageMax) })}/></testcase>`;
  }
  if (verdict === 'true') return `    <testcase ${attributesOf(attributes)}/>`;
  const cell = report.cells.find(
    ({ scenario, fault }) => scenario === injection.scenario && fault === injection.cell,
  );
  const again = cell === undefined ? [] : [`reproduce: ${reproduceCommand(report, cell)}`];
  const element = verdict === 'false' ? 'failure' : 'error';
  return [
    `    <testcase ${attributesOf(attributes)}>`,
    `      <${element} ${attributesOf({ message: bounded(firstLine(reason), messageMax), type: injection.result })}>${escaped(bounded([reason, ...again].join('\n'), bodyMax))}</${element}>`,
    '    </testcase>',
  ].join('\n');
}

function suite(report: Report, cell: Cell, index: number): string {
  const cases = casesOf(cell);
  const failures = cases.filter(({ verdict }) => verdict === 'false').length;
  const errors = cases.filter(({ verdict }) => verdict === 'unknown').length;
  const attributes = {
    name: cellName(cell),
    tests: cases.length,
    failures,
    errors,
    skipped: 0,
    hostname: 'localhost',
    id: index,
    package: 'redcliff',
    time: secondsOf(cell),
    timestamp: new Date(cell.startedMs).toISOString().slice(0, timestampLength),
  };
  return suiteOf(
    attributes,
    propertiesOf(report, cell.seed, reproduceCommand(report, cell)),
    cases.map((one) => testCase(report, cell, one)),
    systemOut(report, cell),
  );
}

/** To the second and without a zone. */
const timestampLength = 19;
/** Servers keep the whole of it in memory: GitLab takes 100 kB a file gladly, Jenkins cuts it itself. */
const systemOutMax = 4_000;
const bodyMax = 8_000;
const messageMax = 500;

function systemOut(report: Report, cell: Cell): string {
  const lines = [
    `${cellName(cell)}: ${outcomeMarks[cellOutcome(cell)].word}`,
    ...cell.faults.map(({ fault, effect }) => `${fault}: ${effect.evidence}`),
    `files: ${cell.folder}`,
    `reproduce: ${reproduceCommand(report, cell)}`,
  ];
  return bounded(lines.join('\n'), systemOutMax);
}

function bounded(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}\n… ${text.length - max} characters more`;
}

function casesOf(cell: Cell): Case[] {
  const harness: Case = {
    name: 'the harness ran the cell to its end',
    verdict: cell.harnessError === null ? 'true' : 'unknown',
    reason: cell.harnessError ?? '',
    witnesses: [],
    seconds: secondsOf(cell),
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

function secondsOf({ startedMs, endedMs }: Cell): string {
  return ((endedMs - startedMs) / 1000).toFixed(3);
}

function testCase(report: Report, cell: Cell, one: Case): string {
  const { name, verdict, reason, witnesses, seconds = '0' } = one;
  const open = `    <testcase ${attributesOf({ classname: `${cell.scenario}.${cell.fault}`, name, time: seconds })}`;
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
    `      <${element} ${attributesOf({ message: bounded(firstLine(reason), messageMax), type: marks[verdict].word })}>${escaped(bounded(body, bodyMax))}</${element}>`,
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
