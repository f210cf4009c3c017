/** Loads a module of the runtime when it is first needed, in the midst of code that cannot wait: a short test starts sooner. */
import { createRequire } from 'node:module';
import { extname } from 'node:path';

/** `path` has no extension and is relative to `from`; all of the runtime is either as it was written or as it was built. */
export function lazily<Module>(path: string, from: string): () => Module {
  let module: Module | undefined;
  return () => (module ??= createRequire(from)(`${path}${extname(from)}`) as Module);
}
