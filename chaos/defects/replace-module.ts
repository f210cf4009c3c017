/**
 * Loaded before a process of the system (`--import`): resolves one module of `system/` to the defect that stands in for it. The
 * defect itself may still import the module it replaces, to change only a part of it.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { replacementOf } from './load.ts';

const name = new URL(import.meta.url).searchParams.get('defect') ?? '';
const replacement = replacementOf(name);
const replaced = pathToFileURL(replacement.replaced).href;
const by = pathToFileURL(replacement.by).href;

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    return resolved.url === replaced && context.parentURL !== by ? { ...resolved, url: by } : resolved;
  },
});
