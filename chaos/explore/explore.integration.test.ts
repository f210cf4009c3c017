import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readReport } from '../../reports/record/read-report.ts';
import { runCommand, scratchFolder } from '../cli/testing/command-under-test.ts';
import { sampleConfig } from '../testing/sample/sample.ts';

const ownConfig = ['--config', sampleConfig];
const cutsAtWrites = ['--site', 'write: api', '--inject', 'cut-before', '--duration', '6s'];

test('finds the call that a mutant does not survive, and the finding reproduces', async () => {
  await using folder = await scratchFolder();
  const out = ['--out', folder.path];
  // It gives up writing after an error of its connection to Redis.
  const mutant = ['--mutant', 'gives-up-after-redis', '--until-violated', '--seed', 'explored'];
  const found = await runCommand(['explore', 'items', ...ownConfig, ...cutsAtWrites, ...mutant, ...out]);
  expect(found).toMatchObject({ status: 1 });

  const report = await readReport(join(folder.path, 'latest', 'report.json'));
  const violated = report.exploration?.injections.filter(({ result }) => result === 'violated') ?? [];
  expect(violated).toMatchObject([
    { scenario: 'items', operation: 'write', store: 'redis', fault: 'cut-before' },
  ]);
  const [{ call, cell } = { call: '', cell: '' }] = violated;
  expect(found.output).toContain(`items, write: ${call} × cut-before: kept:`);
  const alone = report.cells.find(({ fault }) => fault === cell);
  expect(alone?.timeline).toMatchObject([{ fault: 'at-call', parameters: { happens: 'cut-before' } }]);

  const record = join(folder.path, 'latest');
  const common = ['--cell', `items×${cell}`, '--times', '1', ...ownConfig, ...out];
  const again = await runCommand(['reproduce', record, ...common]);
  expect(again.output).toContain('violated again in 1 of 1 runs');
}, 240_000);

test('accuses nothing of the target as it is, and continues where it ended', async () => {
  await using folder = await scratchFolder();
  const common = [...ownConfig, '--out', folder.path, '--seed', 'explored'];
  // No time for anything but the first pass.
  const begun = await runCommand(['explore', 'items', ...cutsAtWrites, '--budget', '1s', ...common]);
  expect(begun.output).toContain('ended because the budget was used up');
  const [, started = ''] = /results in (\S+)/.exec(begun.output) ?? [];
  const ended = await runCommand(['explore', ...common, '--resume', started, '--budget', '2m']);
  expect(ended).toMatchObject({ status: 0 });
  expect(ended.output).toContain('ended because every injection was tried');
  const { exploration } = await readReport(join(started, 'report.json'));
  const results = exploration?.injections.map(({ result }) => result) ?? [];
  expect(results).toContain('survived');
  expect(results.filter((result) => result !== 'survived' && result !== 'not reached')).toEqual([]);
}, 240_000);
