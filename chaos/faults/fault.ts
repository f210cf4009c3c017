/** What a fault is: it can be drawn from a seed, applied, proven to have been felt, and healed. */
import type { Toxiproxy } from 'toxiproxy-node-client';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { ProcessKind, SystemProcesses } from '../experiment/system-under-test.ts';
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

/** What a fault can break: a server of the stack, or the processes of one kind. */
export type Breakable = ProcessKind | 'mongo' | 'redis';

export interface FaultDefinition<Parameters extends Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly Capability[];
  /** What it breaks. */
  readonly breaks: readonly Breakable[];
  /** What has to work meanwhile, or its effect could not be told from that of another fault. */
  readonly proofNeeds: readonly Breakable[];
  readonly parameters: z.ZodType<Parameters>;
  /** Parameters for one run, drawn from its seed. */
  draw(random: Random): Parameters;
  apply(context: FaultContext, parameters: Parameters): Promise<ActiveFault>;
}

/** A fault whose parameters have become a matter of its own. */
export interface Fault extends Omit<
  FaultDefinition<Readonly<Record<string, unknown>>>,
  'apply' | 'parameters'
> {
  /** Throws a ZodError when the parameters are not of the fault's schema. */
  check(parameters: Readonly<Record<string, unknown>>): void;
  /** Applies the fault; throws a ZodError when the parameters are not of its schema. */
  apply(context: FaultContext, parameters: Readonly<Record<string, unknown>>): Promise<ActiveFault>;
}

/** Ties a fault to the schema of its parameters, so that a timeline written by hand is checked like a drawn one. */
export function defineFault<Parameters extends Readonly<Record<string, unknown>>>(
  definition: FaultDefinition<Parameters>,
): Fault {
  return {
    name: definition.name,
    title: definition.title,
    needs: definition.needs,
    breaks: definition.breaks,
    proofNeeds: definition.proofNeeds,
    draw: (random) => definition.draw(random),
    check: (parameters) => void definition.parameters.parse(parameters),
    apply: (context, parameters) => definition.apply(context, definition.parameters.parse(parameters)),
  };
}

/** Makes healing safe to repeat: done once it succeeded, tried again when it failed. */
export function onlyOnce(heal: () => Promise<void>): () => Promise<void> {
  let healing: Promise<void> | undefined;
  return () => {
    healing ??= heal().catch((error: unknown) => {
      healing = undefined;
      throw error;
    });
    return healing;
  };
}
