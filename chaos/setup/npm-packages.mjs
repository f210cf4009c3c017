/** Brings node_modules in line with package-lock.json, and makes sure that the Node of package.json came with it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lastLines, runCommand } from './run-command.mjs';
import { SetUpError } from './set-up-error.mjs';

const installDeadlineMs = 900_000;

/**
 * @param {string} root the repository
 * @returns {string | undefined} why the packages have to be installed; undefined when all is there
 */
export function whyPackagesAreStale(root) {
  const wanted = readLock(path.join(root, 'package-lock.json'));
  if (wanted === undefined) {
    throw new SetUpError(
      'package-lock.json is missing or unreadable',
      'restore it: git checkout package-lock.json',
    );
  }
  const installed = readLock(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'node_modules is missing';
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const found = installed[name];
    if (found === undefined && !entry.optional) return `${name} is missing`;
    if (found !== undefined && found.version !== entry.version) {
      return `${name} is ${found.version}, package-lock.json wants ${entry.version}`;
    }
  }
  return undefined;
}

/** The version of the Node that package-lock.json fixes, such as `24.21.0`. */
export function wantedNodeVersion(root) {
  return readLock(path.join(root, 'package-lock.json'))?.['node_modules/node']?.version;
}

/** The version that node_modules/.bin/node reports, or undefined when it does not run. */
export function installedNodeVersion(root) {
  const program = path.join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(program)) return undefined;
  const { ok, output } = runCommand(program, ['--version']);
  return ok ? output.trim().replace(/^v/, '') : undefined;
}

/** `--include=dev`, because NODE_ENV=production would otherwise leave out the test runner and Node itself. */
export function installPackages(root) {
  const { ok, output, reason } = runCommand('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    deadlineMs: installDeadlineMs,
  });
  if (ok) return;
  throw new SetUpError(
    `the npm packages could not be installed: ${reason}\n${npmErrors(output)}`,
    'check that npm reaches its registry (npm ping), then run npm ci to see its complete output',
  );
}

/** The package `node` fetches its binary by an install script, which npm leaves out where scripts are turned off. */
export function installNodeBinary(root, version) {
  const { output } = runCommand('npm', ['rebuild', 'node', '--ignore-scripts=false'], {
    cwd: root,
    deadlineMs: installDeadlineMs,
  });
  if (installedNodeVersion(root) === version) return;
  throw new SetUpError(
    `node_modules/.bin/node is not Node ${version}\n${lastLines(output)}`,
    'its install script was not allowed or failed: run npm install-scripts approve node, then npm rebuild node',
  );
}

/** npm's first words on a failure; what follows is its own stack trace. */
function npmErrors(output) {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('npm error') && !/^npm error\s+at /.test(line));
  return lastLines(lines.slice(0, 8).join('\n'));
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
