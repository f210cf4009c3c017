/** The module `k6/secrets`: what `--secret-source` gives, which the log never shows. */
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const source = (name: string): Record<string, unknown> => ({
    get: async (key: unknown) => {
      const outcome = kernel.host.ask.secret(name, String(key));
      if (!outcome.ok) throw new GoError(outcome.message);
      return outcome.value;
    },
  });
  return { default: { ...source('default'), source: (name: unknown) => source(String(name)) } };
}
