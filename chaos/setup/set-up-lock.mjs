/**
 * Lets one set-up at a time change node_modules and .cache. A lock file names its holder; the lock of a holder that
 * died is broken by exactly one of those who wait.
 */
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetUpError } from './set-up-error.mjs';

const breakLockStaleMs = 10_000;

/**
 * @template T
 * @param {string} file
 * @param {() => Promise<T> | T} task
 * @param {{ deadlineMs?: number, pollMs?: number, onWait?: (holder: string) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withSetUpLock(file, task, options = {}) {
  const mine = await acquire(file, options);
  try {
    return await task();
  } finally {
    if (read(file) === mine) rmSync(file, { force: true });
  }
}

async function acquire(file, { deadlineMs = 600_000, pollMs = 200, onWait = () => {} }) {
  const mine = `${process.pid} ${process.hrtime.bigint()}`;
  const giveUpAt = Date.now() + deadlineMs;
  let told = false;
  mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    if (create(file, mine)) return mine;
    const holder = read(file);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      breakLock(file, holder);
      continue;
    }
    if (!told) onWait(holder.split(' ')[0]);
    told = true;
    if (Date.now() > giveUpAt) {
      throw new SetUpError(
        `another set-up (process ${holder.split(' ')[0]}) has held ${file} for too long`,
        `wait for it to end, or remove ${file} when no set-up is running`,
      );
    }
    await sleep(pollMs);
  }
}

/**
 * Only the holder of this very lock's own break file may remove it, and it looks again first: a slow reader can thus
 * never remove the lock of a successor.
 */
function breakLock(file, holder) {
  const breakFile = `${file}.break-${holder.replaceAll(/\W/g, '-')}`;
  if (!create(breakFile, String(process.pid))) {
    if (ageMs(breakFile) > breakLockStaleMs) rmSync(breakFile, { force: true });
    return;
  }
  if (read(file) === holder) rmSync(file, { force: true });
  rmSync(breakFile, { force: true });
}

/** By a hard link, so that a lock is never read before it is completely written. */
function create(file, content) {
  const draft = `${file}.draft-${process.pid}-${process.hrtime.bigint()}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function ageMs(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function isAlive(holder) {
  const pid = Number.parseInt(holder, 10);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
