/** The runtime's own modules that run in realms of scripts: loaded like those of scripts, from the folder `api`. */
import type { CodeCache } from '../script/code-cache.ts';
import { GraphLoader } from '../script/graph-loader.ts';
import { ScriptGraph } from '../script/script-graph.ts';
import { FileSources } from '../script/source-store.ts';
import { unresolvable } from '../script/specifier.ts';
import { builtinUrl } from './builtin-names.ts';

export class BuiltinGraph {
  readonly graph = new ScriptGraph('', []);
  readonly #loader: GraphLoader;

  constructor(cache: Pick<CodeCache, 'prepare'>) {
    this.#loader = new GraphLoader({
      builtins: new Set(),
      prepare: (text, url) => cache.prepare(text, url),
      sources: new FileSources({
        fetch: (url) => Promise.reject(unresolvable(`the runtime imports ${url}`)),
        kept: () => undefined,
      }),
    });
  }

  /** The URL of a file of the folder, with all it imports in the graph. */
  file(name: string): string {
    return this.#loader.require(this.graph, builtinUrl(name), import.meta.url);
  }
}
