/** The globals of k6 scripts that the language itself does not have. */
import { createConsole } from './console.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { opener } from './open.ts';
import { drawMathRandomFrom } from '../random.ts';
import { textEncodingClasses } from './text-encoding.ts';
import { create as createTimers } from './timers.ts';
import { createWebCrypto } from './web-crypto.ts';

/** On the global object of a realm of its own. */
export function installGlobals(kernel: Kernel, require: (specifier: unknown) => unknown): object {
  defineGlobals(globalThis, kernel, require);
  Object.defineProperty(globalThis, 'global', { configurable: true, value: globalThis, writable: true });
  drawMathRandomFrom(() => kernel.random);
  return globalThis;
}

/** For code of a VU that shares its realm, which finds them by way of the VU. */
export function createGlobals(kernel: Kernel, require: (specifier: unknown) => unknown): object {
  return defineGlobals({}, kernel, require);
}

function defineGlobals(target: object, kernel: Kernel, require: (specifier: unknown) => unknown): object {
  const { clearInterval, clearTimeout, setInterval, setTimeout } = createTimers(kernel);
  const values: Readonly<Record<string, unknown>> = {
    ...textEncodingClasses(kernel),
    __VU: kernel.host.vu,
    clearInterval,
    clearTimeout,
    console: createConsole(kernel),
    crypto: createWebCrypto(kernel),
    open: opener(kernel),
    require,
    setInterval,
    setTimeout,
  };
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { configurable: true, value, writable: true });
  }
  return Object.defineProperties(target, {
    __ENV: {
      configurable: true,
      get: () => kernel.environment(),
      set: (value) => {
        kernel.setEnvironment(value);
      },
    },
    __ITER: { configurable: true, get: () => iterationOf(kernel) },
    exports: { configurable: true, get: () => refuseMixing('exports') },
    module: { configurable: true, get: () => refuseMixing('module') },
  });
}

function iterationOf(kernel: Kernel): number | undefined {
  const facts = kernel.call?.facts;
  return facts?.phase === 'iteration' ? facts.iteration : undefined;
}

function refuseMixing(name: string): never {
  throw new GoError(
    `you are trying to access identifier "${name}", this likely is due to mixing ECMAScript Modules (ESM) and CommonJS syntax. ` +
      "This isn't supported in the JavaScript standard, please use only one or the other",
  );
}
