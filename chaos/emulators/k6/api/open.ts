/** `open()`: reads files in the init code, relative to the module whose top-level code runs. */
import { bufferOf } from './binary.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

export function opener(kernel: Kernel): (path?: unknown, mode?: unknown) => ArrayBuffer | string {
  return (path, mode) => {
    if (kernel.call !== undefined) {
      throw new GoError(
        'the "open" function is only available in the init stage (i.e. the global scope), ' +
          'see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle/ for more information',
      );
    }
    const name = path === undefined ? '' : String(path);
    if (name === '') throw new GoError("open() can't be used with an empty filename");
    const outcome = kernel.host.ask.readFile(name, kernel.loading);
    if (!outcome.ok) throw new GoError(outcome.message);
    return mode === 'b' ? bufferOf(outcome.value) : kernel.host.local.decodeUtf8(outcome.value);
  };
}
