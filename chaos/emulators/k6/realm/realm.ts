/**
 * A realm of its own for a script: global object and built-in prototypes that no other VU sees (ECMA-262, 9.3). It has what the
 * language has and nothing of Node.
 */
import { constants, createContext, Script } from 'node:vm';
import type { Context } from 'node:vm';

const metaMaker = new Script(
  '(resolve) => ({ __proto__: null, resolve: (specifier) => resolve(String(specifier)) })',
);

const randomSource = new Script('Math.random');

export class Realm {
  readonly #context: Context = createContext(constants.DONT_CONTEXTIFY);

  run(script: Script): unknown {
    return script.runInContext(this.#context);
  }

  /** Its `Math.random`, as the engine made it. */
  random(): () => number {
    return this.run(randomSource) as () => number;
  }

  /** What a module of this realm has as `import.meta`. */
  freshMeta(resolve: (specifier: string) => string): unknown {
    return (this.run(metaMaker) as (resolve: (specifier: string) => string) => unknown)(resolve);
  }
}
