/** Errors of the stack itself, each with its exit status and the remedy. */
import { exitCodes, RedcliffError } from '../errors.ts';
import type { StackPart } from './contract.ts';

/** A part of the stack did not start, or did not answer in time. */
export class StackFailed extends RedcliffError {
  override readonly name = 'StackFailed';
  readonly code = 'stack_failed';
  readonly exitStatus = exitCodes.harness;

  constructor(what: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    const { hint, ...rest } = options;
    super(
      what,
      hint ?? 'redcliff doctor says what is missing; the logs of the stack are in its folder',
      rest,
    );
  }
}

/** The provider cannot do to a part what was asked for; its `capabilities` say so. */
export class CapabilityMissing extends RedcliffError {
  override readonly name = 'CapabilityMissing';
  readonly code = 'capability_missing';
  readonly exitStatus = exitCodes.usage;

  constructor(provider: string, what: string, hint = 'omit the fault that needs it, or use --stack local') {
    super(`the ${provider} stack cannot ${what}`, hint);
  }
}

/** Something was asked of a part that its state does not allow, such as starting one again that runs. */
export class PartStateError extends RedcliffError {
  override readonly name = 'PartStateError';
  readonly code = 'part_state';
  readonly exitStatus = exitCodes.harness;

  constructor(part: StackPart, asked: string, state: string) {
    super(`${part} cannot ${asked}: it is ${state}`, 'this is a bug of the harness: please report it');
  }
}

/** The remedy for a fault that a stack cannot inject. */
export function anotherFault(provider: string): string {
  return provider === 'local' ? 'choose another fault' : 'choose another fault, or --stack local';
}
