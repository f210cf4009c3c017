/**
 * Tells other commands that a target is kept up: a file that only its user can read, in a temporary folder that the reaper removes with
 * everything else. Files left by a crash of the machine are recognised as stale and removed.
 */
import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import { checkTemporaryFolders } from '../process/temporary-folder.ts';

/** The label for `temporaryFolder`, by which the announcement is found. */
export const announcementLabel = 'up';
const folderPattern = /^redcliff-up-/;
const fileName = 'up.json';

const announcementSchema = z.object({
  name: z.string(),
  pid: z.int().positive(),
  /** Of the control server, on loopback. */
  port: z.int().positive(),
  /** What the control server asks of its clients. */
  token: z.string(),
  startedAt: z.string(),
});
export type Announcement = z.infer<typeof announcementSchema>;

export async function announce(folder: string, announcement: Announcement): Promise<void> {
  await writeFile(join(folder, fileName), `${JSON.stringify(announcement)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Of this user's targets that are up. Stale ones are removed, and told to `note`. Throws UsageError when `where` cannot be used. */
export async function findAnnouncements(
  note: (line: string) => void,
  where: string = tmpdir(),
): Promise<Announcement[]> {
  await checkTemporaryFolders(where);
  const names = (await readdir(where)).filter((name) => folderPattern.test(name));
  const found = await Promise.all(names.map((name) => readAnnouncement(join(where, name), note)));
  return found
    .filter((announcement) => announcement !== null)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

async function readAnnouncement(folder: string, note: (line: string) => void): Promise<Announcement | null> {
  const about = await lstat(folder).catch(() => null);
  // A folder of another user may hold anything.
  if (about === null || !about.isDirectory() || about.uid !== process.getuid?.()) return null;
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => null);
  const parsed = text === null ? null : announcementSchema.safeParse(parseJson(text));
  if (parsed?.success !== true) return null;
  if (isAlive(parsed.data.pid)) return parsed.data;
  note(`"${parsed.data.name}" ended without cleaning up; removing its folder: ${folder}`);
  await rm(folder, { recursive: true, force: true });
  return null;
}

/** The one named, or the only one. Throws UsageError when there is none, or more than one to choose from. */
export function chooseAnnouncement(found: readonly Announcement[], name: string | undefined): Announcement {
  const chosen = found.filter((announcement) => name === undefined || announcement.name === name);
  const [only, another] = chosen;
  if (only !== undefined && another === undefined) return only;
  const list = found.map((announcement) => `${announcement.name} (process ${announcement.pid})`).join(', ');
  if (only === undefined) {
    throw name === undefined
      ? new UsageError('nothing is up', 'start it in another terminal: redcliff up')
      : new UsageError(`--name "${name}" is not up`, `up: ${list || 'nothing'}`);
  }
  throw new UsageError(`several are up: ${list}`, `name one, for example --name ${only.name}`);
}

/** Throws UsageError when a target by that name is up. */
export function refuseTaken(found: readonly Announcement[], name: string): void {
  const taken = found.find((announcement) => announcement.name === name);
  if (taken === undefined) return;
  throw new UsageError(
    `"${name}" is up already, as process ${taken.pid} since ${taken.startedAt}`,
    `use that one, end it with Ctrl-C or redcliff down, or use another name: redcliff up --name second`,
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
