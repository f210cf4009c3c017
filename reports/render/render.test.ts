import { describe, expect, it } from 'vitest';
import type { Operation } from '../history/operation.ts';
import type { Cell } from '../record/report.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { cellOutcome, headline } from './headline.ts';
import { renderAnnotations } from './render-annotations.ts';
import { renderHtml } from './render-html.ts';
import { renderJunit } from './render-junit.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderTable } from './render-table.ts';
import { reproduceCommand } from './reproduce.ts';

const small = { seconds: 12, ratePerSecond: 40 };
const held = syntheticCell({ scenario: 'turns', fault: 'none', ...small }).cell;
const violated = syntheticCell({ scenario: 'turns', fault: 'redis-down', flaw: 'lost-turn', ...small }).cell;
const unfelt = syntheticCell({ scenario: 'reads', fault: 'redis-slow', flaw: 'unobserved', ...small }).cell;
const broken = syntheticCell({ scenario: 'writes', fault: 'mongo-down', flaw: 'harness', ...small }).cell;
const hostile = '</script><script>alert(1)</script> & "quoted" | `code` \u0000 \uD800';

function withReason(cell: Cell, reason: string): Cell {
  return {
    ...cell,
    verdicts: cell.verdicts.map((verdict) => ({
      ...verdict,
      verdict: 'false' as const,
      reason,
      witnesses: [{ summary: reason, operations: [], facts: { reason } }],
    })),
  };
}

describe('the headline', () => {
  it('says what held and in how many cells', () => {
    expect(headline(syntheticReport([held]))).toEqual({
      outcome: 'held',
      text: 'Held: 7 invariants in 1 cell',
    });
  });

  it('puts a violation before a failure of the harness, and that before the unknown', () => {
    const all = [held, unfelt, broken, violated];
    expect(headline(syntheticReport(all)).text).toMatch(
      /^Violated: general s1:g5 lived 0 turns .* \(“Every turn took effect [^”]*”, I1 in turns × redis-down\)$/,
    );
    const twice = { ...violated, scenario: 'reads' };
    expect(headline(syntheticReport([...all, twice])).text).toMatch(
      /I1 in turns × redis-down, and 1 more\)$/,
    );
    expect(headline(syntheticReport(all.slice(0, 3))).text).toBe('The harness failed in writes × mongo-down');
    expect(headline(syntheticReport(all.slice(0, 2))).text).toBe(
      'Unknown: I1 in reads × redis-slow, I2 in reads × redis-slow, I10 in reads × redis-slow and 4 more',
    );
  });

  it('never says that nothing held', () => {
    expect(headline(syntheticReport([])).outcome).toBe('unknown');
    expect(cellOutcome({ ...held, verdicts: [] })).toBe('unknown');
  });

  it('does not call a run held that was interrupted, or is worse than the baseline', () => {
    const ended = (code: number, reason: string) =>
      headline(syntheticReport([held], { exit: { code, reason } }));
    expect(ended(130, 'interrupted')).toEqual({
      outcome: 'unknown',
      text: 'Unknown: the run was interrupted in its 1st cell',
    });
    expect(ended(70, 'redis ended')).toEqual({
      outcome: 'harness-failed',
      text: 'The harness failed: redis ended',
    });
    expect(ended(3, 'worse')).toEqual({
      outcome: 'worse',
      text: 'Held, but worse than the baseline: 7 invariants in 1 cell',
    });
    const broke = syntheticReport([held, violated], { exit: { code: 130, reason: 'interrupted' } });
    expect(headline(broke).outcome).toBe('violated');
  });

  it('counts a threshold that was missed as violated', () => {
    const missed = {
      ...held,
      thresholds: [{ metric: 'http_req_failed', expression: 'rate<0.1', verdict: 'false' as const }],
    };
    expect(headline(syntheticReport([missed])).text).toBe(
      'Violated: threshold http_req_failed rate<0.1 in turns × none',
    );
  });
});

describe('the table', () => {
  it('has a line for each cell and the reasons below', () => {
    const lines = renderTable(syntheticReport([held, violated, unfelt, broken])).split('\n');
    expect(lines[0]).toMatch(/^scenario {2}fault +I1 {2}I2 {2}I10 {2}I11 {2}I14 {2}I15 {2}I16 {2}result$/);
    expect(lines[2]).toMatch(/^turns +none +✓ +✓ +✓ +✓ +✓ +✓ +✓ +held$/);
    expect(lines[3]).toMatch(/^turns +redis-down +✗ +✓.* violated, recovered in \d\.\d s$/);
    expect(lines[4]).toMatch(/^reads +redis-slow +\? /);
    expect(lines[5]).toMatch(/^writes +mongo-down +· .*harness failed$/);
    expect(
      lines.filter((line) => line.includes('I1 I2 I10 I11 I14 I15 I16 unknown: the effect')),
    ).toHaveLength(1);
  });
});

describe('the Markdown summary', () => {
  it('has a row for each cell and explains those that did not hold, with the command to run them again', () => {
    const text = renderMarkdown(syntheticReport([held, violated]));
    expect(text).toContain('| turns | redis-down | ❌ | ✅ |');
    expect(text).toContain('- **I1 violated**: general s1:g5 lived');
    expect(text).toContain(
      'npm run redcliff -- run turns --fault redis-down --seed 42 --duration 12000ms --stack local',
    );
    expect(text).not.toContain('### turns × none');
  });

  it('quotes the log of what failed in the harness, line by line, whatever is in it', () => {
    const quoting = { ...broken, harnessError: 'k6 ended; its log ends with\n  | ```\n  | the end' };
    const lines = renderMarkdown(syntheticReport([quoting])).split('\n');
    const from = lines.indexOf('- the harness failed: k6 ended; its log ends with');
    expect(lines.slice(from + 1, from + 6)).toEqual(['', '````', '  | ```', '  | the end', '````']);
    expect(renderHtml(syntheticReport([quoting]))).toContain('  | ```\n  | the end</pre>');
  });

  it('lets no text of a run become markup', () => {
    const text = renderMarkdown(syntheticReport([withReason(held, hostile)]));
    expect(text).toContain(String.raw`\<script\>alert(1)`);
    expect(text.split('\n').filter((line) => line.startsWith('| turns'))).toHaveLength(1);
  });
});

describe('the command that runs a cell again', () => {
  const byHand: Cell = { ...violated, fault: 'timeline' };
  const replay = (folder: string) =>
    `npm run redcliff -- reproduce ${folder} --cell turns×timeline --stack local`;

  it('reads the record where the seed does not say what was done', () => {
    const report = syntheticReport([byHand]);
    expect(reproduceCommand(report, byHand)).toBe(replay(`reports/runs/${report.id}`));
    const soak = { ...violated, fault: 'soak', timeline: [...violated.timeline, ...violated.timeline] };
    expect(reproduceCommand(report, soak)).toContain('--cell turns×soak');
    const command = 'npm run redcliff -- run --plan small.plan.json --seed 42';
    expect(reproduceCommand({ ...report, command }, violated)).toContain('--cell turns×redis-down');
  });

  it('finds the folder of a run that was kept elsewhere, and of one run of a reproduction', () => {
    const report = syntheticReport([byHand], { id: 'r' });
    const where = (command: string): string => reproduceCommand({ ...report, command }, byHand);
    expect(where('npm run redcliff -- run --timeline a.json --out /tmp/x/ --seed 1')).toBe(
      replay('/tmp/x/r'),
    );
    expect(where("npm run redcliff -- run --out '/tmp/a b' --seed 1")).toBe(replay("'/tmp/a b/r'"));
    expect(where('npm run redcliff -- reproduce /tmp/y')).toBe(replay('/tmp/y/r'));
  });
});

describe('JUnit', () => {
  it('makes a violation a failure, and the unknown and the harness an error', () => {
    const xml = renderJunit(syntheticReport([held, violated, unfelt, broken]));
    expect(xml).toContain('<testsuite name="turns × none" tests="9" failures="0" errors="0"');
    expect(xml).toContain('<testsuite name="turns × redis-down" tests="9" failures="1" errors="0"');
    expect(xml).toContain('<testsuite name="reads × redis-slow" tests="9" failures="0" errors="7"');
    expect(xml).toContain('<testsuite name="writes × mongo-down" tests="1" failures="0" errors="1"');
    expect(xml).toMatch(/<failure message="general s1:g5[^>]*>[^<]*seed: 42\nreproduce: npm run redcliff/);
  });

  it('has what Ant, Jenkins and GitLab ask for: totals at the root, and of each suite host, number, package and output in order', () => {
    const xml = renderJunit(syntheticReport([held, violated, unfelt, broken]));
    expect(xml).toMatch(/^<testsuites name="redcliff" tests="28" failures="1" errors="8" time="[\d.]+">$/m);
    const suites = xml.split('<testsuite ').slice(1);
    for (const [index, suite] of suites.entries()) {
      expect(suite).toMatch(
        new RegExp(
          `^name="[^"]+" tests="\\d+" failures="\\d+" errors="\\d+" skipped="0" hostname="localhost" id="${index}" package="redcliff"`,
        ),
      );
      const elements = [...suite.matchAll(/^ {4}<(properties|testcase|system-out|system-err)/gm)].map(
        ([, name]) => name,
      );
      expect(elements.join(' ')).toMatch(/^properties (testcase )+system-out system-err$/);
      for (const [open] of suite.matchAll(/<testcase [^>]*>/g)) expect(open).toContain('classname="');
    }
  });

  it('bounds what it quotes, so that a server does not choke on it', () => {
    const long = 'x'.repeat(1_000_000);
    const xml = renderJunit(syntheticReport([{ ...broken, harnessError: `died\n${long}` }]));
    expect(xml).toContain('characters more');
    expect(xml.length).toBeLessThan(20_000);
  });

  it('is well formed whatever a run says', () => {
    const xml = renderJunit(syntheticReport([withReason(held, hostile)]));
    expect(xml).not.toMatch(/<script|\p{Cs}/u);
    expect(xml).not.toContain('\0');
    expect(xml.replace(/&(?:amp|lt|gt|quot);/g, '')).not.toContain('&');
  });
});

describe('the page', () => {
  it('is one file that asks for nothing else', () => {
    const page = renderHtml(syntheticReport([held, violated, unfelt, broken]));
    expect(page).toContain('<!doctype html>');
    expect(page.match(/<(?:link|img|iframe|script)[^>]*(?:href|src)="(?!data:)[^"]*"/g)).toBeNull();
    expect(page.match(/@import|url\(/g)).toBeNull();
    expect(page).not.toMatch(/^\s*(?:import|export) /m);
  });

  it('lets no text of a run end a script or become an element', () => {
    const page = renderHtml(
      syntheticReport([withReason({ ...held, folder: hostile }, hostile)], { seed: hostile }),
    );
    expect(page.match(/<script[\s>]/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain('<script>alert');
  });

  it('shows a run without a single cell for what it is', () => {
    expect(renderHtml(syntheticReport([]))).toContain('Unknown: nothing was run');
    expect(renderJunit(syntheticReport([]))).toContain(
      '<testsuites name="redcliff" tests="0" failures="0" errors="0" ',
    );
  });

  it('shows what else happened around a witness when the history is at hand', () => {
    const { cell, history } = syntheticCell({
      scenario: 'turns',
      fault: 'redis-down',
      flaw: 'lost-turn',
      ...small,
    });
    const bars = (page: string): number => page.match(/"kind":"operation"/g)?.length ?? 0;
    const report = syntheticReport([cell]);
    const alone = bars(renderHtml(report));
    expect(alone).toBeGreaterThan(0);
    expect(bars(renderHtml(report, { histories: new Map([[cell.folder, history]]) }))).toBeGreaterThan(alone);
  });

  it('shows what was done to the subject of a witness that has no operations of its own', () => {
    const operation = (sessionId: string, no: number, startedMs: number): Operation => ({
      process: 1,
      f: 'train',
      type: 'info',
      value: { sessionId, no },
      intendedMs: startedMs,
      startedMs,
      endedMs: startedMs + 5,
    });
    const history = [
      operation('s1-turns-none', 6, held.loadStartMs + 20),
      operation('s1-turns-none', 6, held.loadStartMs + 10),
      operation('s1-turns-none', 61, held.loadStartMs + 30),
      operation('s2-turns-none', 6, held.loadStartMs + 30),
    ];
    const witness = { summary: 'counts 1 action', operations: [], facts: { general: 's1-turns-none/6' } };
    const verdicts = held.verdicts.map((verdict) => ({ ...verdict, witnesses: [witness] })).slice(0, 1);
    const page = renderHtml(syntheticReport([{ ...held, verdicts }]), {
      histories: new Map([[held.folder, history]]),
    });
    expect(page.match(/"kind":"operation"/g)).toHaveLength(2);
    expect(page).toContain('No trace was recorded: only what the clients saw is shown.');
  });

  it('says that there was no record to compare with', () => {
    const comparison = {
      recorded: [],
      worse: false,
      reasons: [],
      unlike: [],
      notes: [],
      changes: [],
      timings: [],
    };
    const page = renderHtml(syntheticReport([held], { comparison }));
    expect(page).toContain('no baseline');
    expect(page).not.toContain('Not worse');
  });

  it('gives the mutant with the command that runs a cell again', () => {
    const page = renderHtml(
      syntheticReport([{ ...held, config: { ...held.config, mutant: 'turn-without-guard' } }]),
    );
    expect(page).toContain(
      '--fault none --seed 42 --duration 12000ms --stack local --mutant turn-without-guard',
    );
  });

  it('says in which phase a threshold holds, and what it was held against', () => {
    const scoped = {
      metric: 'redcliff_unavailable{phase:fault}',
      expression: 'rate<=0.05',
      verdict: 'false' as const,
      value: 0.0612345,
    };
    const page = renderHtml(syntheticReport([{ ...held, thresholds: [scoped] }]));
    expect(page.replace(/\s+/g, ' ')).toContain(
      '<code>redcliff_unavailable</code></th> <td>fault</td> <td><code>rate&lt;=0.05</code></td> <td>0.06123</td>',
    );
  });

  it('says why a threshold that was crossed is unknown, as every other rendering does', () => {
    const starved = {
      metric: 'redcliff_unavailable',
      expression: 'rate<=0.05',
      verdict: 'unknown' as const,
      value: 0.5,
      reason: 'the machine was starved: 3 of the 3 operations waited',
    };
    const report = syntheticReport([{ ...held, thresholds: [starved] }]);
    for (const text of [renderHtml(report), renderJunit(report)])
      expect(text).toContain('the machine was starved: 3 of the 3 operations waited');
    // Where there is little room, one cause is one line, however many verdicts it keeps open.
    for (const text of [renderMarkdown(report), renderTable(report)])
      expect(text.match(/too busy to decide/g)).toHaveLength(1);
    expect(renderAnnotations(report).match(/^::warning.*too busy: turns × none/gm)).toHaveLength(1);
  });

  it('says of a second try why there was a first, and how many workers there were', () => {
    const cell = { ...held, earlierTry: { folder: 'cells/turns-none', reasons: ['starved: 3 reads'] } };
    const workers = { count: 2, why: '2 processors, 1.9 idle', changes: [] };
    const page = renderHtml({ ...syntheticReport([cell]), workers }).replace(/\s+/g, ' ');
    expect(page).toContain('This is the second try');
    expect(page).toContain('<a href="cells/turns-none/">first</a>. starved: 3 reads');
    expect(page).toContain('2 (2 processors, 1.9 idle)');
    expect(renderHtml(syntheticReport([held]))).not.toContain('second try');
  });

  it('says of a comparison it can not read that it can not', () => {
    expect(renderHtml(syntheticReport([held], { comparison: { foreign: true } }))).toContain('can not read');
  });
});
