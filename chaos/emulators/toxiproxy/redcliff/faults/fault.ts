/** What a fault beyond Toxiproxy's own toxics is, and what it may use of the proxy it is added to. */
import type { z } from 'zod';
import type { Clock } from '../../../../clock.ts';
import type { Random } from '../../../../random.ts';
import { noTotals } from '../../proxy/toxic.ts';
import type { Toxic } from '../../proxy/toxic.ts';
import type { ProtocolFault } from './protocol-fault.ts';

/** The part of a proxy that faults act on. */
export interface FaultHost {
  /** The number of the next connection that will be accepted. */
  nextConnection(): number;
  addToxic(toxic: Toxic): void;
  removeToxic(toxic: Toxic): void;
  addProtocolFault(fault: ProtocolFault): void;
  removeProtocolFault(fault: ProtocolFault): void;
}

export interface FaultContext {
  readonly name: string;
  readonly host: FaultHost;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a fault did so far. */
export interface FaultEffect {
  /** Commands that matched, or connections that met the toxic. */
  readonly matched: number;
  /** How often it really acted. */
  readonly applied: number;
  readonly [detail: string]: unknown;
}

/** A fault in force. */
export interface RunningFault extends Disposable {
  effect(): FaultEffect;
}

export interface FaultKind {
  readonly kind: string;
  /** Checks the settings beside kind and name, and fills in defaults. */
  readonly schema: z.ZodType;
  /** Puts the fault in force; disposing takes it out again. `settings` are what the schema made of the request. */
  start(settings: unknown, context: FaultContext): RunningFault;
}

/** Ties a schema to the code that takes its result. */
export function defineFault<Schema extends z.ZodType>(definition: {
  readonly kind: string;
  readonly schema: Schema;
  start(settings: z.output<Schema>, context: FaultContext): RunningFault;
}): FaultKind {
  return {
    kind: definition.kind,
    schema: definition.schema,
    start: (settings, context) => definition.start(definition.schema.parse(settings), context),
  };
}

/** Puts a protocol fault in force on its proxy. */
export function runProtocolFault(fault: ProtocolFault, { host }: FaultContext): RunningFault {
  host.addProtocolFault(fault);
  return {
    effect: () => ({
      matched: fault.matchedCount,
      applied: fault.appliedCount,
      applications: fault.applications,
    }),
    [Symbol.dispose]: () => host.removeProtocolFault(fault),
  };
}

/** Puts a toxic under the fault's name in force on its proxy. */
export function runToxicFault(
  settings: Omit<Toxic, 'name' | 'totals'>,
  { host, name }: FaultContext,
): RunningFault {
  const toxic: Toxic = { ...settings, name: `fault:${name}`, totals: noTotals() };
  host.addToxic(toxic);
  return {
    effect: () => ({
      matched: toxic.totals.connections,
      applied: toxic.totals.connectionsAffected,
      effects: toxic.totals.effects,
    }),
    [Symbol.dispose]: () => host.removeToxic(toxic),
  };
}
