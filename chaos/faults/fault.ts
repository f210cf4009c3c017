/** What a fault is: it can be drawn from a seed, applied, proven to have been felt, and healed. */
import type { Toxiproxy } from 'toxiproxy-node-client';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { SystemProcesses } from '../experiment/system-under-test.ts';
import type { Observer } from '../observe/observer.ts';
import type { Random } from '../random.ts';
import type { Capability, Stack } from '../stack/contract.ts';

export interface FaultContext {
  readonly stack: Stack;
  readonly toxiproxy: Toxiproxy;
  readonly processes: SystemProcesses;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `measures` are the numbers the evidence speaks of. */
export interface Effect {
  readonly observed: boolean;
  readonly evidence: string;
  readonly measures: Readonly<Record<string, number>>;
}

export interface ActiveFault {
  /** Whether the system felt the fault; asked while it still lasts, right before it is healed. */
  effect(): Promise<Effect>;
  /** Takes the fault back; safe to call again. */
  heal(): Promise<void>;
}

export interface Fault {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly Capability[];
  /** Parameters for one run, drawn from its seed. */
  draw(random: Random): Readonly<Record<string, unknown>>;
  /** Applies the fault; throws a ZodError when the parameters are not of the fault's schema. */
  apply(context: FaultContext, parameters: Readonly<Record<string, unknown>>): Promise<ActiveFault>;
}

/** Ties a fault to the schema of its parameters, so that a timeline written by hand is checked like a drawn one. */
export function defineFault<Parameters extends Readonly<Record<string, unknown>>>(definition: {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly Capability[];
  readonly parameters: z.ZodType<Parameters>;
  draw(random: Random): Parameters;
  apply(context: FaultContext, parameters: Parameters): Promise<ActiveFault>;
}): Fault {
  return {
    name: definition.name,
    title: definition.title,
    needs: definition.needs,
    draw: (random) => definition.draw(random),
    apply: (context, parameters) => definition.apply(context, definition.parameters.parse(parameters)),
  };
}
