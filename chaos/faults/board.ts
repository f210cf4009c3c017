/** Faults that a user applies and heals: which are in force, their effect so far, and the records of healed ones. */
import { z } from 'zod';
import type { Effect, Fault, FaultContext, FaultParameters } from '../api/fault.ts';
import { UsageError } from '../errors.ts';
import { anotherFault } from '../stack/errors.ts';
import type { Random } from '../random.ts';
import { inject, type Injection, type InjectionRecord } from './injection.ts';
import type { FaultRegistry } from './registry.ts';
import { conflicting } from './timeline.ts';

export interface FaultRequest {
  readonly fault: string;
  /** Milliseconds until it is healed automatically; null for a fault that lasts until the user heals it. */
  readonly forMs: number | null;
  /** Over those drawn at random. */
  readonly parameters: FaultParameters;
}

/** Times are epoch milliseconds. */
export interface FaultInForce {
  readonly fault: string;
  readonly parameters: FaultParameters;
  readonly appliedMs: number;
  readonly healsAtMs: number | null;
  readonly effect: Effect;
}

export interface FaultBoard {
  /** Throws UsageError when the fault is unknown, a parameter is wrong, or it conflicts with one in force. */
  apply(request: FaultRequest): Promise<FaultInForce>;
  /** Heals the fault named, or all; resolves to what came of each. Throws UsageError when it is not in force. */
  heal(name: string | null): Promise<InjectionRecord[]>;
  inForce(): Promise<FaultInForce[]>;
  /** Newest last. */
  healed(): readonly InjectionRecord[];
}

export interface BoardListener {
  applied(fault: string, parameters: FaultParameters): void;
  healed(record: InjectionRecord): void;
  /** Called when automatic healing failed. */
  failed(fault: string, reason: string): void;
}

interface Entry {
  readonly fault: Fault;
  /** Pending while the fault is being applied. */
  readonly injection: Promise<Injection>;
  readonly healsAtMs: number | null;
  timer: Disposable | null;
}

export function openFaultBoard(
  faults: FaultRegistry,
  context: FaultContext,
  random: Random,
  listener: BoardListener,
): FaultBoard {
  const entries = new Map<string, Entry>();
  const records: InjectionRecord[] = [];
  const { clock } = context;

  const healEntry = async (entry: Entry): Promise<InjectionRecord> => {
    entry.timer?.[Symbol.dispose]();
    const injection = await entry.injection;
    const record = await injection.end();
    // Two requests to heal it share one record.
    if (entries.delete(record.fault)) {
      records.push(record);
      listener.healed(record);
    }
    return record;
  };

  return {
    apply: async ({ fault: name, forMs, parameters: given }) => {
      const fault = faultNamed(name, faults);
      for (const other of entries.values()) refuseBeside(fault, other.fault);
      refuseUnableTo(fault, context);
      const drawn = fault.draw(random);
      const parameters = { ...drawn, ...given };
      checkParameters(fault, parameters, drawn);
      const entry: Entry = {
        fault,
        injection: inject(fault, parameters, context),
        healsAtMs: forMs === null ? null : clock.nowMs() + forMs,
        timer: null,
      };
      entries.set(name, entry);
      try {
        await entry.injection;
      } catch (error) {
        entries.delete(name);
        throw error;
      }
      listener.applied(name, parameters);
      if (forMs !== null) {
        entry.timer = clock.timer(forMs, () => {
          healEntry(entry).catch((error: unknown) => listener.failed(name, String(error)));
        });
      }
      return describe(entry);
    },
    heal: async (name) => {
      const chosen = [...entries.values()].filter(({ fault }) => name === null || fault.name === name);
      if (name !== null && chosen.length === 0) {
        const inForce = [...entries.keys()].join(', ') || 'none';
        throw new UsageError(`FAULT "${name}" is not in force`, `in force: ${inForce}`);
      }
      return Promise.all(chosen.map(healEntry));
    },
    inForce: () => Promise.all([...entries.values()].map(describe)),
    healed: () => records,
  };
}

async function describe({ injection: pending, healsAtMs }: Entry): Promise<FaultInForce> {
  const injection = await pending;
  const { fault, parameters, appliedMs } = injection;
  return { fault: fault.name, parameters, appliedMs, healsAtMs, effect: await injection.effect() };
}

function faultNamed(name: string, faults: FaultRegistry): Fault {
  const fault = faults.get(name);
  if (fault !== undefined) return fault;
  throw new UsageError(`FAULT "${name}" does not exist`, `faults: ${[...faults.keys()].join(', ')}`);
}

function refuseBeside(fault: Fault, other: Fault): void {
  if (fault.name === other.name) {
    throw new UsageError(
      `FAULT "${fault.name}" is in force already`,
      `heal it first: redcliff heal ${fault.name}`,
    );
  }
  if (!conflicting(fault, other)) return;
  throw new UsageError(
    `FAULT "${fault.name}" conflicts with ${other.name}, which is in force: one would undo or hide the other`,
    `heal that one first: redcliff heal ${other.name}`,
  );
}

function refuseUnableTo(fault: Fault, { stack }: FaultContext): void {
  const lacking = fault.needs.filter((capability) => !stack.capabilities.has(capability));
  if (lacking.length === 0) return;
  throw new UsageError(
    `FAULT "${fault.name}" needs ${lacking.join(', ')}, which the ${stack.provider} stack does not offer`,
    anotherFault(stack.provider),
  );
}

function checkParameters(fault: Fault, parameters: FaultParameters, drawn: FaultParameters): void {
  try {
    fault.check(parameters);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new UsageError(
      `--set ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`,
      `without --set ${fault.name} has ${JSON.stringify(drawn)}`,
    );
  }
}
