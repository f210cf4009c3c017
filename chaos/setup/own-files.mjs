/**
 * Where the files of this program are: TypeScript in the repository, the same tree as JavaScript under `dist/` in the package. Plain JavaScript,
 * because the command needs it on any Node.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const tree = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Whether this is a checkout, where programs are TypeScript and `npm run setup` can be run. */
export const fromSource = !existsSync(path.join(tree, 'chaos', 'cli', 'main.js'));

/** The folder with package.json. */
export const packageFolder = fromSource ? tree : path.dirname(tree);

/** How the command is called: in a checkout by npm, installed by npx. */
export const invocation = fromSource ? 'npm run redcliff --' : 'npx redcliff';

/** The modules that the public names stand for. */
export const publicModules = {
  redcliff: ownModule('../api/index', import.meta.url),
  'redcliff/k6': ownModule('../api/k6/index', import.meta.url),
  'redcliff/k6/blocking': ownModule('../api/k6/blocking', import.meta.url),
};

/** Kept between runs; an installed package may be read-only, so it keeps things in the folder of the user. */
export const cacheFolder = findCacheFolder(process.env);

/**
 * URL of a module that is started by its path, such as a worker.
 * @param {string} name relative to `base`, without its extension
 * @param {string} base
 */
export function ownModule(name, base) {
  return new URL(`${name}${fromSource ? '.ts' : '.js'}`, base);
}

function findCacheFolder(environment) {
  const given = environment['REDCLIFF_CACHE'] ?? '';
  if (given !== '') return path.resolve(given);
  if (fromSource) return path.join(tree, '.cache');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'redcliff');
  const ofUser = environment['XDG_CACHE_HOME'] ?? '';
  return path.join(ofUser === '' ? path.join(homedir(), '.cache') : ofUser, 'redcliff');
}
