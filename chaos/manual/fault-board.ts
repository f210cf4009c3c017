/** Faults put on and taken off by hand: which are in force, what they have done so far, and what came of those that were healed. */
import { z } from 'zod';
import type { FaultRecord } from '../../reports/record/report.ts';
import { UsageError } from '../errors.ts';
import type { ActiveFault, Effect, Fault, FaultContext } from '../faults/fault.ts';
import { faults } from '../faults/registry.ts';
import type { Random } from '../random.ts';
import { wouldFight } from '../timeline/overlap.ts';

export interface BreakRequest {
  readonly fault: string;
  /** Milliseconds until it is healed by itself; null to let it last until it is healed by hand. */
  readonly forMs: number | null;
  /** Over those drawn at random. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Times are epoch milliseconds. */
export interface FaultInForce {
  readonly fault: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly appliedMs: number;
  readonly healsAtMs: number | null;
  readonly effect: Effect;
}

export type HealedFault = Omit<FaultRecord, 'applyAtMs' | 'healAtMs'>;

export interface FaultBoard {
  /** Throws UsageError when there is no such fault, a parameter is wrong, or it cannot be put beside those in force. */
  put(request: BreakRequest): Promise<FaultInForce>;
  /** Heals the fault named, or all; resolves to what came of each. Throws UsageError when it is not in force. */
  heal(name: string | null): Promise<HealedFault[]>;
  inForce(): Promise<FaultInForce[]>;
  /** Newest last. */
  healed(): readonly HealedFault[];
}

export interface BoardListener {
  applied(fault: string, parameters: Readonly<Record<string, unknown>>): void;
  healed(record: HealedFault): void;
  /** A fault that was to be healed by itself could not be. */
  failed(fault: string, reason: string): void;
}

interface Entry {
  readonly fault: Fault;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly appliedMs: number;
  readonly healsAtMs: number | null;
  /** Pending while the fault is being applied. */
  readonly active: Promise<ActiveFault>;
  healing: Promise<HealedFault> | null;
  timer: Disposable | null;
}

export function openFaultBoard(
  context: FaultContext,
  random: Random,
  listener: BoardListener,
  registry: readonly Fault[] = faults,
): FaultBoard {
  const entries = new Map<string, Entry>();
  const records: HealedFault[] = [];
  const { clock } = context;

  const put = async ({ fault: name, forMs, parameters: given }: BreakRequest): Promise<FaultInForce> => {
    const fault = faultNamed(name, registry);
    for (const other of entries.values()) refuseBeside(fault, other.fault);
    refuseUnableTo(fault, context);
    const drawn = fault.draw(random);
    const parameters = { ...drawn, ...given };
    checkParameters(fault, parameters, drawn);
    const appliedMs = clock.nowMs();
    const entry: Entry = {
      fault,
      parameters,
      appliedMs,
      healsAtMs: forMs === null ? null : appliedMs + forMs,
      active: fault.apply(context, parameters),
      healing: null,
      timer: null,
    };
    entries.set(name, entry);
    try {
      await entry.active;
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
  };

  const healEntry = (entry: Entry): Promise<HealedFault> => {
    entry.healing ??= (async () => {
      entry.timer?.[Symbol.dispose]();
      const active = await entry.active;
      const effect = await effectOf(active);
      await active.heal();
      entries.delete(entry.fault.name);
      const { parameters, appliedMs } = entry;
      const measured = { ...effect, measures: { ...effect.measures } };
      const healedMs = clock.nowMs();
      const record = {
        fault: entry.fault.name,
        parameters: { ...parameters },
        appliedMs,
        healedMs,
        effect: measured,
      };
      records.push(record);
      listener.healed(record);
      return record;
    })().catch((error: unknown) => {
      // It is still in force, and may be healed again.
      entry.healing = null;
      throw error;
    });
    return entry.healing;
  };

  const heal = async (name: string | null): Promise<HealedFault[]> => {
    const chosen = [...entries.values()].filter(({ fault }) => name === null || fault.name === name);
    if (name !== null && chosen.length === 0) {
      const inForce = [...entries.keys()].join(', ') || 'none';
      throw new UsageError(`FAULT "${name}" is not in force`, `in force: ${inForce}`);
    }
    return Promise.all(chosen.map(healEntry));
  };

  return {
    put,
    heal,
    inForce: () => Promise.all([...entries.values()].map(describe)),
    healed: () => records,
  };
}

async function describe({ fault, parameters, appliedMs, healsAtMs, active }: Entry): Promise<FaultInForce> {
  return { fault: fault.name, parameters, appliedMs, healsAtMs, effect: await effectOf(await active) };
}

async function effectOf(active: ActiveFault): Promise<Effect> {
  try {
    return await active.effect();
  } catch (error) {
    return { observed: false, evidence: `the effect could not be measured: ${String(error)}`, measures: {} };
  }
}

function faultNamed(name: string, registry: readonly Fault[]): Fault {
  const fault = registry.find((candidate) => candidate.name === name);
  if (fault !== undefined) return fault;
  throw new UsageError(
    `FAULT "${name}" does not exist`,
    `faults: ${registry.map((candidate) => candidate.name).join(', ')}`,
  );
}

function refuseBeside(fault: Fault, other: Fault): void {
  if (fault.name === other.name) {
    throw new UsageError(
      `FAULT "${fault.name}" is in force already`,
      `heal it first: redcliff heal ${fault.name}`,
    );
  }
  if (!wouldFight(fault, other)) return;
  throw new UsageError(
    `FAULT "${fault.name}" would fight ${other.name}, which is in force: one would undo or hide the other`,
    `heal that first: redcliff heal ${other.name}`,
  );
}

function refuseUnableTo(fault: Fault, { stack }: FaultContext): void {
  const lacking = fault.needs.filter((capability) => !stack.capabilities.has(capability));
  if (lacking.length === 0) return;
  throw new UsageError(
    `FAULT "${fault.name}" needs ${lacking.join(', ')}, which the ${stack.provider} stack cannot do`,
    'choose another fault, or --stack local',
  );
}

function checkParameters(
  fault: Fault,
  parameters: Readonly<Record<string, unknown>>,
  drawn: Readonly<Record<string, unknown>>,
): void {
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
