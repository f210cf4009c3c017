/**
 * A configuration imports `redcliff`. That is always the Redcliff that reads it, so that a service without a package.json, or one tested by a Redcliff of
 * another folder, needs no copy of its own.
 */
import { registerHooks } from 'node:module';
import { publicModules } from '../setup/own-files.mjs';

const urls: ReadonlyMap<string, URL> = new Map(Object.entries(publicModules));
let resolved = false;

/** For this thread; doing it again changes nothing. */
export function resolvePublicModules(): void {
  if (resolved) return;
  resolved = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const url = urls.get(specifier);
      return url === undefined ? nextResolve(specifier, context) : { url: url.href, shortCircuit: true };
    },
  });
}
