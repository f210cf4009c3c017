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
import type { ScriptGraph } from './script/script-graph.ts';
import { FileSources } from './script/source-store.ts';
import type { SourceStore } from './script/source-store.ts';
import { planSwitching } from './script/switching/plan-waiting.ts';
import type { WaitingPlan } from './script/switching/plan-waiting.ts';

export interface ScriptSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A `file:` URL. */
  readonly url: string;
  readonly text: string;
  readonly sources: SourceStore;
}

export async function loadProgram({ environment, sources, text, url }: ScriptSource): Promise<ScriptProgram> {
  const cache = new CodeCache(join(cacheFolder, 'modules'));
  const loader = new GraphLoader({
    builtins: new Set(Object.keys(builtinFiles)),
    prepare: (source, sourceUrl) => cache.prepare(source, sourceUrl),
    sources,
  });
  try {
    const graph = await loader.load(url, text);
    const plan = planWaiting(graph, loader, cache, environment['REDCLIFF_K6_WAITING']);
    return {
      builtins: new BuiltinGraph(cache),
      graph: plan.kind === 'switch' ? graph.withCodes(plan.codes) : graph,
      loader,
      waiting: plan.kind,
    };
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('script-exception', messageOf(error), { cause: error });
  }
}

/** How VUs wait in calls that block; `wish` may ask for threads. */
function planWaiting(
  graph: ScriptGraph,
  loader: GraphLoader,
  cache: CodeCache,
  wish: string | undefined,
): WaitingPlan {
  if (!graph.mayBlock) return { kind: 'none' };
  if (wish === 'thread') return { kind: 'thread', reason: 'REDCLIFF_K6_WAITING' };
  const files = [...graph.modules].map(({ code, targets, url }) => ({
    target: (specifier: string): string => {
      const index =
        code.kind === 'module' ? code.imports.findIndex((one) => one.specifier === specifier) : -1;
      return targets[index] ?? specifier;
    },
    text: loader.textOf(url),
    url,
  }));
  const texts = files.flatMap(({ text, url }) => [url, text]);
  return cache.keep([graph.entry, ...texts], () => planSwitching(files, graph.entry));
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
