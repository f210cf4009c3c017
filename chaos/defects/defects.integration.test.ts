/** Two defects only: all of them are what `redcliff selftest` is for. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseReport } from '../../reports/record/read-report.ts';
import { runCommand, scratchFolder } from '../cli/command-under-test.ts';

/** Some cells, one after the other; the time is a guard against hanging. */
const limitMs = 180_000;

test(
  'a planted defect fails the run, which names what is violated with a witness',
  async () => {
    await using folder = await scratchFolder();
    const where = ['writes', '--outage', 'redis-down', '--duration', '5s', '--out', folder.path];
    const planted = ['--defect', 'nothing-saved-without-redis', '--seed', 'planted'];
    const finished = await runCommand(['run', ...where, ...planted], { GITHUB_ACTIONS: 'true' });
    expect(finished).toMatchObject({ status: 1 });
    const report = parseReport(await readFile(join(folder.path, 'latest', 'report.json'), 'utf8'));
    const violated = report.cells.flatMap(({ verdicts }) =>
      verdicts.filter(({ verdict }) => verdict === 'false'),
    );
    expect(violated.map(({ invariant }) => invariant)).toContain('I10');
    const [witness] = violated.find(({ invariant }) => invariant === 'I10')?.witnesses ?? [];
    expect(witness?.summary).toMatch(/acknowledged and is missing/);
    expect(finished.output).toContain('I10');
    expect(finished.output).toMatch(/^::error title=writes × redis-down%3A .*I10.* violated::/m);
  },
  limitMs,
);

test(
  'a selftest catches a defect, and does not without the checker that it needs',
  async () => {
    await using folder = await scratchFolder();
    const selftest = ['selftest', 'cache-not-refreshed', '--seed', 'planted', '--out', folder.path];
    const whole = await runCommand(selftest);
    expect(whole).toMatchObject({ status: 0 });
    expect(whole.output).toContain('1 of 1 defects caught');
    const blind = await runCommand([...selftest, '--without-checker', 'I11', '--tries', '2']);
    expect(blind).toMatchObject({ status: 1 });
    expect(blind.output).toContain('missed at try 1 of 2, I11: unknown, there is no checker for I11');
    expect(blind.output).toContain('there is no checker for I11');
  },
  limitMs,
);

test.each([
  { args: ['no-such-defect'], field: '"no-such-defect"' },
  { args: ['--without-checker', 'I99'], field: '--without-checker "I99"' },
  { args: ['--tries', '0'], field: '--tries "0"' },
  { args: ['--resume', '/nowhere'], field: '--resume "/nowhere"' },
])('a selftest refuses $args before it starts anything', async ({ args, field }) => {
  const finished = await runCommand(['selftest', ...args]);
  expect(finished).toMatchObject({ status: 64 });
  expect(finished.output).toContain(field);
});
