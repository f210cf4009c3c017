/** From the name of a script to a program that VUs can be made of. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './compile-cache.ts';
import { messageOf, RunError } from './errors.ts';
import { BuiltinGraph } from './realm/builtin-graph.ts';
import { builtinFiles } from './realm/builtin-names.ts';
import type { ScriptProgram } from './realm/script-instance.ts';
import { CodeCache } from './script/code-cache.ts';
import { download } from './script/download.ts';
import { GraphLoader } from './script/graph-loader.ts';
import { LockedModules } from './script/remote-modules.ts';
import { FileSources } from './script/source-store.ts';
import type { SourceStore } from './script/source-store.ts';

export interface ScriptSource {
  /** A `file:` URL. */
  readonly url: string;
  readonly text: string;
  readonly sources: SourceStore;
}

export async function loadProgram({ sources, text, url }: ScriptSource): Promise<ScriptProgram> {
  const cache = new CodeCache(join(cacheFolder, 'modules'));
  const loader = new GraphLoader({
    builtins: new Set(Object.keys(builtinFiles)),
    prepare: (source, sourceUrl) => cache.prepare(source, sourceUrl),
    sources,
  });
  try {
    return { builtins: new BuiltinGraph(cache), graph: await loader.load(url, text), loader };
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('script-exception', messageOf(error), { cause: error });
  }
}

/** Files, and remote modules with a lock file beside the script. */
export function localSources(
  scriptUrl: string,
  environment: Readonly<Record<string, string | undefined>>,
): SourceStore {
  const folder = dirname(fileURLToPath(scriptUrl));
  const caches = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return new FileSources(
    new LockedModules({
      download,
      folder: environment['REDCLIFF_K6_MODULES'] ?? join(caches, 'redcliff', 'k6-modules'),
      lockFile: environment['REDCLIFF_K6_LOCK'] ?? join(folder, 'k6-modules.lock.json'),
    }),
  );
}
