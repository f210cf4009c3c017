#!/usr/bin/env node
/**
 * Makes a fresh clone ready to run: npm packages, the Node of package.json, and a redis-server. Plain JavaScript
 * without dependencies, because it runs before anything is installed. Running it again costs a fraction of a second.
 *
 * Exit: 0 ready, 64 bad usage, 69 something is not available here, 130 interrupted.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackDebianRedis } from './debian-redis.mjs';
import {
  installNodeBinary,
  installPackages,
  installedNodeVersion,
  wantedNodeVersion,
  whyPackagesAreStale,
} from './npm-packages.mjs';
import { cacheFolder } from './own-files.mjs';
import { findRedisProgram } from './redis-program.mjs';
import { SetUpError } from './set-up-error.mjs';
import { withSetUpLock } from './set-up-lock.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const minimumNodeMajor = 20;
const usage = `usage: node chaos/setup/setup.mjs [--quiet]
  --quiet  say nothing when all is there already, and only what is done otherwise`;

function say(line) {
  process.stdout.write(`set-up: ${line}\n`);
}

/** Everything that may be missing, cheapest first; undefined when nothing is. */
function whatIsMissing() {
  const stale = whyPackagesAreStale(root);
  if (stale !== undefined) return stale;
  if (installedNodeVersion(root) !== wantedNodeVersion(root))
    return `Node ${wantedNodeVersion(root)} is missing`;
  const redis = findRedisProgram({ cacheFolder, environment: process.env });
  return redis.found ? undefined : redis.reason;
}

function ensurePackages() {
  const stale = whyPackagesAreStale(root);
  if (stale !== undefined) {
    say(`installing the npm packages of package-lock.json (${stale})`);
    installPackages(root);
  }
  const version = wantedNodeVersion(root);
  if (version !== undefined && installedNodeVersion(root) !== version) {
    say(`fetching Node ${version} (its install script was not run)`);
    installNodeBinary(root, version);
  }
}

function ensureRedis() {
  const before = findRedisProgram({ cacheFolder, environment: process.env });
  if (before.found) return before;
  if (before.field !== undefined) {
    throw new SetUpError(before.reason, `set ${before.field} to the path of a redis-server, or unset it`);
  }
  say(`${before.reason}: unpacking the distribution's package into .cache/redis`);
  unpackDebianRedis(cacheFolder, say);
  const after = findRedisProgram({ cacheFolder, environment: process.env });
  if (after.found) return after;
  throw new SetUpError(after.reason, 'remove .cache/redis and try again');
}

function checkMachine() {
  if (process.platform === 'win32') {
    throw new SetUpError(
      'Windows has no redis-server and no POSIX signals',
      'use the Windows Subsystem for Linux',
    );
  }
  const major = Number.parseInt(process.versions.node, 10);
  if (major < minimumNodeMajor) {
    throw new SetUpError(
      `Node ${process.versions.node} is too old`,
      `install Node ${minimumNodeMajor} or newer, such as Debian's package nodejs or https://nodejs.org`,
    );
  }
}

async function main(args) {
  const unknown = args.filter((argument) => argument !== '--quiet');
  if (unknown.length > 0) {
    process.stderr.write(`set-up: unknown argument ${unknown[0]}\n${usage}\n`);
    return 64;
  }
  const quiet = args.includes('--quiet');
  checkMachine();
  const missing = whatIsMissing();
  if (missing !== undefined) {
    await withSetUpLock(
      path.join(root, '.cache', 'set-up.lock'),
      () => {
        ensurePackages();
        ensureRedis();
      },
      { onWait: (pid) => say(`waiting for another set-up (process ${pid}) to end`) },
    );
  }
  if (!quiet || missing !== undefined) {
    const redis = findRedisProgram({ cacheFolder, environment: process.env });
    say(`ready: Node ${installedNodeVersion(root)}, Redis ${redis.version} (${redis.source})`);
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const remedy =
    error instanceof SetUpError ? error.remedy : 'this is a fault of the set-up itself: please report it';
  process.stderr.write(`set-up: ${error instanceof Error ? error.message : error}\n  remedy: ${remedy}\n`);
  process.exitCode = error instanceof SetUpError ? error.exitStatus : 70;
}
