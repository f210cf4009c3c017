import { expect, test } from 'vitest';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';
import { renderAnnotations } from './render-annotations.ts';

const small = { seconds: 12, ratePerSecond: 40 };
const held = syntheticCell({ scenario: 'turns', fault: 'none', ...small }).cell;
const violated = syntheticCell({ scenario: 'turns', fault: 'redis-down', flaw: 'lost-turn', ...small }).cell;
const unfelt = syntheticCell({ scenario: 'reads', fault: 'redis-slow', flaw: 'unobserved', ...small }).cell;
const broken = syntheticCell({ scenario: 'writes', fault: 'mongo-down', flaw: 'harness', ...small }).cell;

test('nothing is annotated when everything held', () => {
  expect(renderAnnotations(syntheticReport([held]))).toBe('');
});

test('a violation is an error with its reason and the command that runs it again, on one line', () => {
  const [line, ...others] = renderAnnotations(syntheticReport([held, violated]))
    .trimEnd()
    .split('\n');
  expect(others).toEqual([]);
  const reason = violated.verdicts.find(({ verdict }) => verdict === 'false')?.reason ?? 'no reason';
  expect(line).toContain('::error title=turns × redis-down%3A I1 violated::');
  expect(line).toContain(reason.replaceAll('%', '%25'));
  expect(line).toMatch(/%0ARun it again: npm run redcliff -- run turns --fault redis-down --seed /);
});

test('what is unknown is a warning, and a failure of the harness one error', () => {
  const lines = renderAnnotations(syntheticReport([unfelt, broken]))
    .trimEnd()
    .split('\n');
  expect(lines[0]).toMatch(/^::warning title=reads × redis-slow%3A I\d+ .*unknown::/);
  expect(lines.at(-1)).toMatch(/^::error title=writes × mongo-down%3A the harness failed::/);
  expect(lines.filter((line) => line.includes('writes × mongo-down'))).toHaveLength(1);
});

test('no reason can end the annotation early or begin a command of its own', () => {
  const hostile = {
    ...violated,
    verdicts: violated.verdicts.map((verdict) => ({ ...verdict, reason: 'a\r\n::stop-commands::x 100%' })),
  };
  expect(renderAnnotations(syntheticReport([hostile]))).not.toMatch(/^::stop-commands/m);
});
