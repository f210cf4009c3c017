/**
 * Changes that the owner of an external stack permits on its servers, besides faults of the network: none by default.
 */
import { UsageError } from '../../errors.ts';
import type { Capability } from '../contract.ts';

/** Other faults need control of processes or containers, which an external stack does not give. */
const allowable = ['mongo-step-down', 'redis-configure'] as const satisfies readonly Capability[];
export type Allowable = (typeof allowable)[number];

/** As the user wrote it after --allow. Throws `UsageError`. */
export function parseAllowed(text: string | undefined): readonly Allowable[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))].map((name) => {
    const found = allowable.find((capability) => capability === name);
    if (found !== undefined) return found;
    throw new UsageError(`--allow "${name}" is unknown`, `give some of ${allowable.join(',')}`);
  });
}
