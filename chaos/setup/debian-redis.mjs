/**
 * Unpacks redis-server from Debian's (or Ubuntu's) package into a cache folder, with the libraries that this machine
 * lacks, so that no system-wide installation and no root rights are needed.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { libraryEnvironment, versionOf } from './redis-program.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { SetUpError } from './set-up-error.mjs';

const fetchDeadlineMs = 300_000;
/** The server first, then the package that holds its binary. */
const packageSets = [
  { packages: ['redis-server', 'redis-tools'], program: 'usr/bin/redis-server' },
  { packages: ['valkey-server', 'valkey-tools'], program: 'usr/bin/valkey-server' },
];
const remedy =
  'install one (Debian: apt-get install redis-server, macOS: brew install redis), or set REDCLIFF_REDIS to the path of one';

/**
 * The caller holds the set-up's lock. An interrupted call leaves only a folder that the next one removes.
 * @param {string} root the repository
 * @param {(line: string) => void} say
 */
export function unpackDebianRedis(cacheFolder, say) {
  if (onlyMissing(['apt-get', 'apt-cache', 'dpkg-deb', 'ldd'])) {
    throw new SetUpError('redis-server is not on PATH, and there is no apt-get to fetch its package', remedy);
  }
  const cache = path.join(cacheFolder, 'redis');
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (name.startsWith('unpacking-')) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(path.join(cache, 'unpacking-'));
  try {
    const apt = createApt(path.join(folder, 'apt'), say);
    const tree = path.join(folder, 'tree');
    const program = fetchServer(apt, tree);
    const libraryFolders = fetchMissingLibraries(apt, tree, program, say);
    const version = versionOf(path.join(tree, program), libraryEnvironment(tree, libraryFolders));
    if (version === undefined) throw new SetUpError('the unpacked redis-server does not run here', remedy);
    writeFileSync(
      path.join(tree, 'program.json'),
      `${JSON.stringify({ program, libraryFolders, version }, null, 2)}\n`,
    );
    rmSync(path.join(cache, 'unpacked'), { recursive: true, force: true });
    renameSync(tree, path.join(cache, 'unpacked'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function onlyMissing(programs) {
  return programs.some((program) => runCommand(program, ['--version']).reason.endsWith('is not installed'));
}

function fetchServer(apt, tree) {
  const attempts = [];
  for (const { packages, program } of packageSets) {
    const failure = apt.fetchAndUnpack(packages, tree);
    if (failure === undefined) return program;
    attempts.push(failure);
  }
  throw new SetUpError(`no redis-server could be fetched from the package mirror\n${attempts[0]}`, remedy);
}

/** Repeats, because a library just unpacked may need another one. */
function fetchMissingLibraries(apt, tree, program, say) {
  for (let round = 0; round < 5; round += 1) {
    const libraryFolders = foldersWithLibraries(tree);
    const missing = missingLibraries(path.join(tree, program), libraryEnvironment(tree, libraryFolders));
    if (missing.length === 0) return libraryFolders;
    const closure = apt.dependencies(path.basename(program));
    const packages = missing.map((library) => packageOf(library, closure));
    say(`  with ${packages.join(', ')}, which this machine lacks`);
    const failure = apt.fetchAndUnpack(packages, tree);
    if (failure !== undefined) {
      throw new SetUpError(`redis-server's libraries could not be fetched\n${failure}`, remedy);
    }
  }
  throw new SetUpError('redis-server still lacks libraries after five rounds of fetching them', remedy);
}

/** Sonames that the dynamic linker does not find, such as `liblzf.so.1`. */
function missingLibraries(program, environment) {
  const { output } = runCommand('ldd', [program], { env: environment });
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

/**
 * Debian names a library's package after its soname (policy 8.1): `liblzf.so.1` is in `liblzf1`, `liblz4.so.1` in
 * `liblz4-1`, and since 2024 some names end in `t64`.
 */
export function packageOf(library, closure) {
  const match = /^(.+)\.so(?:\.(.+))?$/.exec(library);
  const stem = (match?.[1] ?? library).toLowerCase().replaceAll('_', '-');
  const abi = match?.[2] ?? '';
  const name = /\d$/.test(stem) && abi !== '' ? `${stem}-${abi}` : `${stem}${abi}`;
  const found = [name, `${name}t64`].find((candidate) => closure.has(candidate));
  if (found !== undefined) return found;
  throw new SetUpError(`redis-server needs ${library}, and none of its packages is called ${name}`, remedy);
}

/** Folders below `tree` that hold shared libraries, relative to it. */
function foldersWithLibraries(tree) {
  const folders = new Set();
  for (const entry of readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    if (/\.so(\.|$)/.test(path.basename(entry))) folders.add(path.dirname(entry));
  }
  return [...folders].sort();
}

/** apt-get with a private folder for what it downloads; after the first failure also with private package lists. */
function createApt(folder, say) {
  const lists = path.join(folder, 'lists');
  // apt would otherwise drop root's rights for a user that may not be allowed to enter this folder.
  let options = ['-o', 'APT::Sandbox::User=root', '-o', 'Debug::NoLocking=1', '-o', `Dir::Cache=${folder}`];
  mkdirSync(path.join(lists, 'partial'), { recursive: true });
  mkdirSync(path.join(folder, 'archives', 'partial'), { recursive: true });

  const download = (packages) => {
    const target = mkdtempSync(path.join(folder, 'deb-'));
    const result = runCommand('apt-get', [...options, 'download', ...packages], {
      cwd: target,
      deadlineMs: fetchDeadlineMs,
    });
    return { target, ...result };
  };
  const useFreshLists = () => {
    if (options.some((option) => option.startsWith('Dir::State::lists='))) return false;
    say('  this machine has no (or old) package lists: running apt-get update, into the cache folder only');
    options = [...options, '-o', `Dir::State::lists=${lists}`];
    return runCommand('apt-get', [...options, 'update'], { deadlineMs: fetchDeadlineMs }).ok;
  };
  return {
    /** Undefined when all is unpacked below `tree`, else the tool's last words. */
    fetchAndUnpack(packages, tree) {
      let result = download(packages);
      if (!result.ok && useFreshLists()) result = download(packages);
      if (!result.ok) return `${result.reason}\n${lastLines(result.output)}`;
      for (const name of readdirSync(result.target)) {
        const unpacked = runCommand('dpkg-deb', ['-x', path.join(result.target, name), tree], {
          deadlineMs: 60_000,
        });
        if (!unpacked.ok) return `${unpacked.reason}\n${lastLines(unpacked.output)}`;
      }
      return undefined;
    },
    /** Names of all packages that `name` needs, directly or not. */
    dependencies(name) {
      const leaveOut = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
      const args = [...options, 'depends', '--recurse', ...leaveOut.map((kind) => `--no-${kind}`), name];
      const { output } = runCommand('apt-cache', args, { deadlineMs: 60_000 });
      return new Set(
        output
          .split('\n')
          .filter((line) => /^[a-z0-9]/.test(line))
          .map((line) => line.split(':')[0]),
      );
    },
  };
}
