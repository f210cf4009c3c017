/** Cells whose faults need what the stack cannot do: found as soon as the stack is up, before any cell is run. */
import { MissingPartError } from '../errors.ts';
import { findFault } from '../faults/registry.ts';
import type { Capability, Stack, StackProvider } from '../stack/contract.ts';
import type { CellPlan } from './cell-plan.ts';

type Able = Pick<Stack, 'capabilities' | 'provider'>;

/** What the faults of a cell need, each once. */
export function needsOf({ timeline }: Pick<CellPlan, 'timeline'>): readonly Capability[] {
  return [...new Set(timeline.flatMap(({ fault }) => findFault(fault)?.needs ?? []))];
}

/** Capabilities that the cell needs and the stack lacks. */
export function lackingFor(plan: Pick<CellPlan, 'timeline'>, stack: Able): readonly Capability[] {
  return needsOf(plan).filter((capability) => !stack.capabilities.has(capability));
}

/** Before a stack is started, what its provider says of it stands for it. */
export function offeredBy({ name, offers }: StackProvider): Able {
  return { provider: name, capabilities: offers };
}

/**
 * The cells that can be run here. Others are left out, each told to `leftOut`, unless their outages were asked for by name: then,
 * or when no cell remains, MissingPartError names what is missing.
 */
export function cellsThatCanRun(
  plans: readonly CellPlan[],
  stack: Able,
  options: { readonly askedByName: boolean; leftOut(reason: string): void },
): readonly CellPlan[] {
  const reasons: string[] = [];
  const possible = plans.filter((plan) => {
    const lacking = lackingFor(plan, stack);
    if (lacking.length === 0) return true;
    reasons.push(
      `${plan.experiment.name} × ${plan.outage} needs ${lacking.join(', ')}, which the ${stack.provider} stack cannot do`,
    );
    return false;
  });
  const [first] = reasons;
  if (first !== undefined && (options.askedByName || possible.length === 0)) {
    throw new MissingPartError(first, 'choose another outage, or --stack local');
  }
  for (const reason of reasons) options.leftOut(reason);
  return possible;
}
