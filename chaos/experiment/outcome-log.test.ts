import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { folderToResume, OutcomeLog } from './outcome-log.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcome-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const log = () => new OutcomeLog(folder, z.object({ cell: z.string() }));

test('what was added is read back, by whoever comes later', async () => {
  expect(await log().read()).toEqual([]);
  await log().add({ cell: 'turns' });
  await log().add({ cell: 'reads' });
  expect(await log().read()).toEqual([{ cell: 'turns' }, { cell: 'reads' }]);
});

test('a line that was cut off in the middle counts for nothing, and hides none that come after it', async () => {
  await log().add({ cell: 'turns' });
  await appendFile(join(folder, 'outcomes.ndjson'), '{"cell":"rea');
  expect(await log().read()).toEqual([{ cell: 'turns' }]);
  await log().add({ cell: 'writes' });
  expect(await log().read()).toEqual([{ cell: 'turns' }, { cell: 'writes' }]);
});

test('only a folder with a log can be taken up', async () => {
  await expect(folderToResume(folder, 'selftest')).rejects.toThrow(
    `--resume "${folder}" is no folder of a selftest`,
  );
  await log().add({ cell: 'turns' });
  expect(await folderToResume(folder, 'selftest')).toBe(folder);
});
