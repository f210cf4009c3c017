/** Finds the file that a module names, as Node does for `require` and for `import` of packages that `require` can load too. */
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { publicModules } from '../../setup/own-files.mjs';
import type { ModuleFormat } from './module-code.ts';

/** `builtin` without `node:`; `search` is the query of the URL, which makes another instance of the same file. */
export type Resolved = { readonly builtin: string } | { readonly path: string; readonly search: string };

const own: ReadonlyMap<string, string> = new Map(
  Object.entries(publicModules).map(([name, url]) => [name, fileURLToPath(url)]),
);
const requires = new Map<string, NodeJS.Require>();
const found = new Map<string, Resolved>();

/** Throws as `require.resolve` does for what is not there. */
export function resolveModule(specifier: string, parent: string): Resolved {
  const key = `${parent}\0${specifier}`;
  let resolved = found.get(key);
  if (resolved === undefined) {
    resolved = resolve(specifier, parent);
    found.set(key, resolved);
  }
  return resolved;
}

function resolve(specifier: string, parent: string): Resolved {
  if (isBuiltin(specifier)) return { builtin: specifier.replace(/^node:/, '') };
  const published = own.get(specifier);
  if (published !== undefined) return { path: published, search: '' };
  if (specifier.startsWith('file:')) {
    const url = new URL(specifier);
    const { search } = url;
    url.search = '';
    return { path: fileURLToPath(url), search };
  }
  let require = requires.get(parent);
  if (require === undefined) {
    require = createRequire(pathToFileURL(parent));
    requires.set(parent, require);
  }
  return { path: require.resolve(specifier), search: '' };
}

const typeByFolder = new Map<string, ModuleFormat>();

export function formatOf(path: string): ModuleFormat {
  switch (extname(path)) {
    case '.json':
      return 'json';
    case '.mjs':
    case '.mts':
      return 'module';
    case '.cjs':
    case '.cts':
      return 'common-js';
    default:
      return typeOfPackage(dirname(path));
  }
}

function typeOfPackage(folder: string): ModuleFormat {
  const known = typeByFolder.get(folder);
  if (known !== undefined) return known;
  const type = readType(folder);
  typeByFolder.set(folder, type);
  return type;
}

function readType(folder: string): ModuleFormat {
  try {
    const { type } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { type?: unknown };
    return type === 'module' ? 'module' : 'common-js';
  } catch {
    return dirname(folder) === folder ? 'common-js' : typeOfPackage(dirname(folder));
  }
}
