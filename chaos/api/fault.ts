/** What a fault is: drawn from a seed, applied, its effect observed, healed. Built-in faults and those of a target have the same form. */
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Observer } from '../observe/observer.ts';
import type { Random } from '../random.ts';
import type { Capability, Stack } from '../stack/contract.ts';
import type { TargetProcess, TargetProcesses } from './context.ts';

/** A store of the stack, by name. */
export type StoreName = 'mongo' | 'redis';

/** The proxies between the target and its stores. */
export interface ProxyControl {
  /** Names of the proxies that lead to the store or dependency; of one role alone when it is named. */
  to(store: string, role?: string): readonly string[];
  /** Name of the process whose proxy it is; null where several processes share it. */
  processOf(proxy: string): string | null;
  /** Base address of Toxiproxy's HTTP API. */
  readonly api: string;
}

export interface FaultContext {
  readonly stack: Stack;
  readonly proxies: ProxyControl;
  readonly processes: TargetProcesses;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `evidence` says in a sentence what was observed; `measures` are the numbers in it. */
export interface Effect {
  readonly observed: boolean;
  readonly evidence: string;
  readonly measures: Readonly<Record<string, number>>;
}

export interface ActiveFault {
  /** Whether the fault had an effect on the target; asked while it lasts, right before it is healed. */
  effect(): Promise<Effect>;
  /** Takes the fault back; safe to call again. */
  heal(): Promise<void>;
}

export type FaultParameters = Readonly<Record<string, unknown>>;

export interface FaultDefinition<Parameters extends FaultParameters> {
  /** Lower case with dashes. Names that begin with a store's name break that store and nothing else. */
  readonly name: string;
  readonly title: string;
  /** What the stack must be able to do. */
  readonly needs: readonly Capability[];
  /** Stores and roles that it breaks. Two faults that break the same are never in force at once. */
  readonly breaks: readonly string[];
  /** Stores and roles that must work while its effect is measured. */
  readonly proofNeeds: readonly string[];
  /** In force from the start of the load to its end; `nodeOptionsAtStart` may have begun it before. */
  readonly wholeLoad?: true;
  readonly parameters: z.ZodType<Parameters>;
  /** Parameters for one run, drawn from its seed. */
  draw(random: Random): Parameters;
  /** Further options of Node.js for processes of these names, which are about to start for a cell with this fault. */
  nodeOptionsAtStart?(
    parameters: Parameters,
    names: readonly string[],
  ): ReadonlyMap<string, readonly string[]>;
  apply(context: FaultContext, parameters: Parameters): Promise<ActiveFault>;
}

/** A fault whose parameters are checked by the fault itself. */
export interface Fault extends Omit<
  FaultDefinition<FaultParameters>,
  'apply' | 'nodeOptionsAtStart' | 'parameters'
> {
  /** Throws a ZodError when the parameters are not of the fault's schema. */
  check(parameters: FaultParameters): void;
  /** Names of the parameters and what they may be, for `list faults`. */
  describeParameters(): readonly { readonly name: string; readonly type: string }[];
  /** Of the processes that need some. Throws a ZodError when the parameters are not of the fault's schema. */
  nodeOptionsAtStart(
    parameters: FaultParameters,
    names: readonly string[],
  ): ReadonlyMap<string, readonly string[]>;
  /** Throws a ZodError when the parameters are not of the fault's schema. */
  apply(context: FaultContext, parameters: FaultParameters): Promise<ActiveFault>;
}

/** Binds a fault to the schema of its parameters, so that a timeline from a file is checked like a drawn one. */
export function defineFault<Parameters extends FaultParameters>(
  definition: FaultDefinition<Parameters>,
): Fault {
  const { parameters: schema, apply, draw, nodeOptionsAtStart, ...rest } = definition;
  return {
    ...rest,
    draw,
    check: (parameters) => void schema.parse(parameters),
    describeParameters: () => parametersOf(schema),
    nodeOptionsAtStart: (parameters, names) =>
      nodeOptionsAtStart?.(schema.parse(parameters), names) ?? new Map(),
    apply: (context, parameters) => apply(context, schema.parse(parameters)),
  };
}

/** Makes healing safe to repeat: it runs again only when it failed before. */
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

export function runningWithRole(processes: TargetProcesses, role: string): readonly TargetProcess[] {
  return processes.withRole(role).filter((process) => process.running());
}

/** Of an object schema, its fields with the names of their types. */
function parametersOf(schema: z.ZodType): { name: string; type: string }[] {
  if (!('shape' in schema) || typeof schema.shape !== 'object' || schema.shape === null) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({ name, type: typeOf(field) }));
}

function typeOf(field: unknown): string {
  if (typeof field !== 'object' || field === null) return 'value';
  if ('options' in field && Array.isArray(field.options)) return field.options.join(' | ');
  if ('format' in field && typeof field.format === 'string' && field.format.includes('int')) return 'integer';
  return 'type' in field && typeof field.type === 'string' ? field.type : 'value';
}
