/** What a module name in an import stands for, as k6 resolves it: no extension is added, and no package is looked for but `redcliff/k6`. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { publicModules } from '../../../setup/own-files.mjs';
import { RunError } from '../errors.ts';

/** The URL of a file or of a remote module. Names of k6's own modules are for the caller to tell apart. */
export function resolveSpecifier(specifier: string, parentUrl: string): string {
  if (specifier === '') throw unresolvable('an import needs a path or a URL');
  if (specifier.startsWith('.') || specifier.startsWith('/')) return new URL(specifier, parentUrl).href;
  if (isAbsolute(specifier)) return pathToFileURL(specifier).href;
  if (specifier === 'redcliff/k6' || specifier === 'redcliff/k6/blocking')
    return publicModules[specifier].href;
  if (!specifier.includes('://')) {
    throw unresolvable(
      `the module '${specifier}' cannot be found: a script may import modules of k6, redcliff/k6, redcliff/k6/blocking, files by a path that begins with ./ or /, and URLs`,
    );
  }
  const url = URL.parse(specifier);
  if (url === null) throw unresolvable(`'${specifier}' is no URL`);
  if (!['file:', 'http:', 'https:'].includes(url.protocol)) {
    throw unresolvable(
      `only file and https can be imported from, '${specifier}' has '${url.protocol.slice(0, -1)}'`,
    );
  }
  if (url.protocol === 'file:' && !parentUrl.startsWith('file:')) {
    throw unresolvable(`the remote module ${parentUrl} may not import the local file ${specifier}`);
  }
  return url.href;
}

export function isRemote(url: string): boolean {
  return /^https?:/.test(url);
}

export function unresolvable(message: string): RunError {
  return new RunError('script-exception', message);
}
