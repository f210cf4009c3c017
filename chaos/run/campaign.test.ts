import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { apart, beginCampaign, type CampaignKind, OutcomeLog, resumeCampaign } from './campaign.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcome-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const log = () => new OutcomeLog(folder, z.object({ cell: z.string() }), ({ cell }) => cell !== 'failed');

test('what was added is read back by job, also by a later process', async () => {
  expect(await log().read()).toEqual(new Map());
  await log().add('1', { cell: 'items' });
  await log().add('2', { cell: 'reads' });
  expect(await log().read()).toEqual(
    new Map([
      ['1', { cell: 'items' }],
      ['2', { cell: 'reads' }],
    ]),
  );
});

test('an outcome that does not count is not there, and may come again', async () => {
  await log().add('1', { cell: 'failed' });
  expect(await log().read()).toEqual(new Map());
  await log().add('1', { cell: 'items' });
  expect(await log().read()).toEqual(new Map([['1', { cell: 'items' }]]));
});

test('a line that was cut off in the middle is dropped, and later ones are kept', async () => {
  await log().add('1', { cell: 'items' });
  await appendFile(join(folder, 'outcomes.ndjson'), '{"job":"2","outcome":{"cell":"rea');
  expect(await log().read()).toEqual(new Map([['1', { cell: 'items' }]]));
  await log().add('2', { cell: 'writes' });
  expect([...(await log().read()).keys()]).toEqual(['1', '2']);
});

const kind: CampaignKind<{ rounds: number }> = {
  what: 'test campaign',
  command: 'redcliff verify test',
  settings: z.strictObject({ rounds: z.int() }),
};

test('a campaign is resumed with the settings it was begun with', async () => {
  await beginCampaign(kind, folder, { rounds: 7 });
  expect(await resumeCampaign(kind, folder)).toEqual({ folder, settings: { rounds: 7 } });
});

test.each<[string, CampaignKind<{ rounds: number }>]>([
  ['of another kind', { ...kind, what: 'other campaign' }],
  ['with other settings', { ...kind, settings: z.strictObject({ rounds: z.int(), more: z.int() }) }],
])('a campaign %s is refused', async (_, other) => {
  await beginCampaign(kind, folder, { rounds: 7 });
  await expect(resumeCampaign(other, folder)).rejects.toMatchObject({
    exitStatus: 64,
    message: `--resume "${folder}" is not the folder of a ${other.what}`,
    hint: 'give the folder that redcliff verify test named at its start',
  });
});

test('a folder without a campaign is refused', async () => {
  await expect(resumeCampaign(kind, folder)).rejects.toThrow('is not the folder of a test campaign');
  await expect(resumeCampaign(kind, join(folder, 'nowhere'))).rejects.toThrow('is not the folder of a');
});

test.each([
  [1, [1, 2, 3, 4, 5]],
  [2, [1, 4, 2, 5, 3]],
  [3, [1, 3, 5, 2, 4]],
  [9, [1, 2, 3, 4, 5]],
])('jobs that %i workers run at once lie apart in the list, and none is lost', (workers, order) => {
  expect(apart([1, 2, 3, 4, 5], workers)).toEqual(order);
});
