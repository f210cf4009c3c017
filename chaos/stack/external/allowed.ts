/**
 * What the owner of an external stack lets the harness do to its servers, beside the network before them: nothing, unless it is named.
 */
import { UsageError } from '../../errors.ts';
import type { Capability } from '../contract.ts';

/** Whatever else an outage may need is a matter of processes and containers, which a stack of others does not hand out. */
const allowable = ['mongo-step-down', 'redis-configure'] as const satisfies readonly Capability[];
export type Allowable = (typeof allowable)[number];

/** As the user wrote it after --allow. Throws `UsageError`. */
export function parseAllowed(text: string | undefined): readonly Allowable[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))].map((name) => {
    const found = allowable.find((capability) => capability === name);
    if (found !== undefined) return found;
    throw new UsageError(
      `--allow "${name}" is nothing that can be allowed`,
      `give some of ${allowable.join(',')}`,
    );
  });
}
