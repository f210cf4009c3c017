/** From the name of a script to a program that VUs can be made of. */
import { join } from 'node:path';
import { cacheFolder } from './compile-cache.ts';
import { messageOf, RunError } from './errors.ts';
import { lazily } from './lazily.ts';
import { BuiltinGraph } from './realm/builtin-graph.ts';
import { builtinFiles, deprecatedModules } from './realm/builtin-names.ts';
import type { ScriptProgram } from './realm/script-instance.ts';
import { CodeCache } from './script/code-cache.ts';
import { GraphLoader } from './script/graph-loader.ts';
import type { ScriptGraph } from './script/script-graph.ts';
import type { SourceStore } from './script/source-store.ts';
import type * as PlanWaiting from './script/switching/plan-waiting.ts';
import type { WaitingPlan } from './script/switching/plan-waiting.ts';

const planner = lazily<typeof PlanWaiting>('./script/switching/plan-waiting', import.meta.url);

export interface ScriptSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A `file:` URL. */
  readonly url: string;
  readonly text: string;
  readonly sources: SourceStore;
}

export interface LoadedProgram {
  readonly program: ScriptProgram;
  readonly loader: GraphLoader;
  /** Of modules that are used though k6 has given them up. */
  readonly notes: readonly string[];
}

export async function loadProgram({ environment, sources, text, url }: ScriptSource): Promise<LoadedProgram> {
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
      loader,
      notes: notesOn(graph),
      program: {
        builtins: new BuiltinGraph(cache),
        graph: plan.kind === 'switch' ? graph.withCodes(plan.codes) : graph,
        loader,
        waiting: plan.kind,
      },
    };
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('script-exception', messageOf(error), { cause: error });
  }
}

function notesOn(graph: ScriptGraph): string[] {
  const used = new Set([...graph.modules].flatMap(({ targets }) => targets));
  return [...used].flatMap((name) => deprecatedModules.get(name) ?? []);
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
  return cache.keep([graph.entry, ...texts], () => planner().planSwitching(files, graph.entry));
}
