/**
 * Finds the Redis server of this machine: the one named by the environment, else one on PATH, else the one that the
 * set-up unpacked into the cache folder. Plain JavaScript, because the set-up needs it before anything is installed.
 */
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './run-command.mjs';

/** In this order; both names are read so that a machine's own REDIS_SERVER keeps its meaning. */
const redisVariables = ['REDCLIFF_REDIS', 'REDIS_SERVER'];
const programNames = ['redis-server', 'valkey-server'];

/**
 * @param {{ cacheFolder: string, environment: Record<string, string | undefined> }} options
 * @returns {{ found: true, program: string, environment: Record<string, string>, version: string, source: string }
 *   | { found: false, field: string | undefined, reason: string }} `field` names the variable that is wrong, if one is
 */
export function findRedisProgram({ cacheFolder, environment }) {
  for (const field of redisVariables) {
    const program = environment[field];
    if (program === undefined || program === '') continue;
    const version = versionOf(program, {});
    if (version !== undefined) return { found: true, program, environment: {}, version, source: field };
    return { found: false, field, reason: `${field}=${program} is not a redis-server that runs` };
  }
  for (const name of programNames) {
    const program = onPath(name, environment.PATH ?? '');
    if (program === undefined) continue;
    const version = versionOf(program, {});
    if (version !== undefined) return { found: true, program, environment: {}, version, source: 'PATH' };
  }
  const cached = readCached(cacheFolder);
  if (cached !== undefined) return cached;
  return {
    found: false,
    field: undefined,
    reason: 'no redis-server or valkey-server on PATH',
  };
}

/** Environment in which a program unpacked under `folder` finds its libraries. */
export function libraryEnvironment(folder, libraryFolders) {
  const folders = libraryFolders.map((name) => path.join(folder, name));
  return folders.length === 0 ? {} : { LD_LIBRARY_PATH: folders.join(':') };
}

/** What `--version` says, such as `7.0.15`; undefined when the program does not run or is something else. */
export function versionOf(program, environment) {
  const { ok, output } = runCommand(program, ['--version'], { env: environment });
  return ok ? /(?:Redis|Valkey|Server).*?v=(\d+\.\d+\.\d+)/i.exec(output)?.[1] : undefined;
}

function readCached(cacheFolder) {
  const folder = path.join(cacheFolder, 'redis', 'unpacked');
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(path.join(folder, 'program.json'), 'utf8'));
  } catch {
    return undefined;
  }
  const program = path.join(folder, manifest.program);
  const environment = libraryEnvironment(folder, manifest.libraryFolders);
  const version = versionOf(program, environment);
  if (version === undefined) return undefined;
  return {
    found: true,
    program,
    environment,
    version,
    source: path.join(path.basename(cacheFolder), 'redis'),
  };
}

/** First executable file called `name` in the folders of `searchPath`. */
export function onPath(name, searchPath) {
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '') continue;
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      continue;
    }
  }
  return undefined;
}
