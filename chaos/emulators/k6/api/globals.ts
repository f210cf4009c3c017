/** The globals of k6 scripts that the language itself does not have. */
import { createConsole } from './console.ts';
import { fitRealm } from './k6-engine.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { opener } from './open.ts';
import { drawMathRandomFrom } from '../random.ts';
import { textEncodingClasses } from './text-encoding.ts';
import { create as createTimers } from './timers.ts';
import { createWebCrypto } from './web-crypto.ts';

export function installGlobals(kernel: Kernel, require: (specifier: unknown) => unknown): void {
  fitRealm();
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
    Object.defineProperty(globalThis, name, { configurable: true, value, writable: true });
  }
  Object.defineProperties(globalThis, {
    __ENV: { configurable: true, get: () => kernel.environment(), set: (value) => kernel.setEnvironment(value) },
    __ITER: { configurable: true, get: () => iterationOf(kernel) },
    exports: { configurable: true, get: () => refuseMixing('exports') },
    global: { configurable: true, value: globalThis, writable: true },
    module: { configurable: true, get: () => refuseMixing('module') },
  });
  drawMathRandomFrom(() => kernel.random);
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
