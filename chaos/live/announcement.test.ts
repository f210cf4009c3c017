import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  announce,
  type Announcement,
  chooseAnnouncement,
  findAnnouncements,
  refuseTaken,
} from './announcement.ts';

const first: Announcement = {
  name: 'first',
  pid: process.pid,
  port: 1,
  token: 'secret',
  startedAt: '2026-01-01T00:00:00Z',
};
const second = { ...first, name: 'second' };

describe('announcements', () => {
  let where: string;
  beforeEach(async () => {
    where = await mkdtemp(join(tmpdir(), 'announcements-'));
  });
  afterEach(() => rm(where, { recursive: true }));

  async function announceIn(folder: string, announcement: Announcement): Promise<string> {
    const path = join(where, folder);
    await mkdir(path, { mode: 0o700 });
    await announce(path, announcement);
    return path;
  }

  it('are found by name, and can be read by their user alone', async () => {
    await announceIn('redcliff-up-b', second);
    const path = await announceIn('redcliff-up-a', first);
    await mkdir(join(where, 'redcliff-stack-c'));
    expect(await findAnnouncements(() => undefined, where)).toEqual([first, second]);
    expect((await stat(join(path, 'up.json'))).mode & 0o777).toBe(0o600);
  });

  it('of a process that is gone are stale: removed, and said to be', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await announceIn('redcliff-up-stale', { ...first, name: 'old', pid });
    const notes: string[] = [];
    expect(await findAnnouncements((line) => notes.push(line), where)).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/"old" ended without cleaning up/)]);
    expect(await readdir(where)).toEqual([]);
  });

  it('that are half written, or no folder, are passed over', async () => {
    await mkdir(join(where, 'redcliff-up-starting'));
    await mkdir(join(where, 'redcliff-up-half'));
    await writeFile(join(where, 'redcliff-up-half', 'up.json'), '{"name":"ha');
    await writeFile(join(where, 'redcliff-up-file'), '');
    expect(await findAnnouncements(() => undefined, where)).toEqual([]);
  });
});

describe('choosing one', () => {
  it('takes the only one, or the one named', () => {
    expect(chooseAnnouncement([first], undefined)).toBe(first);
    expect(chooseAnnouncement([first, second], 'second')).toBe(second);
  });

  it.each([
    [[], undefined, /nothing is up/, /redcliff up/],
    [[first], 'third', /--name "third" is not up/, /up: first/],
    [[first, second], undefined, /several are up: first .*, second/, /--name first/],
    [[first, first], 'first', /several are up/, /--name/],
  ])('refuses %j with --name %s', (found, name, message, hint) => {
    expect(() => chooseAnnouncement(found, name)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
        exitStatus: 64,
      }),
    );
  });

  it('refuses a name that is taken', () => {
    expect(() => refuseTaken([first], 'first')).toThrow(/"first" is up already, as process \d+/);
    expect(() => refuseTaken([first], 'second')).not.toThrow();
  });
});
