/** The faults of a target, in alphabetical order: those of the network, of each store, of its processes and their clocks, and its own. */
import { z } from 'zod';
import type { Target } from '../api/define.ts';
import type { Fault } from '../api/fault.ts';
import { UsageError } from '../errors.ts';
import { atCall, declaredCall } from './at-call/at-call.ts';
import { clockJump, clockSkew } from './clocks.ts';
import { cutOffFaults } from './cut-off.ts';
import { dependencyFaults } from './dependency.ts';
import { mongoFaults } from './mongo.ts';
import { allDown, networkFaults } from './network.ts';
import { processFaults } from './processes.ts';
import { restartOlder } from './redis-restart-older.ts';
import { redisFaults } from './redis.ts';

export type FaultRegistry = ReadonlyMap<string, Fault>;

/** A fault of the target's own replaces the built-in one of the same name. */
export function faultsOf(
  target: Pick<Target, 'attach' | 'calls' | 'faults' | 'needs' | 'processes'>,
): FaultRegistry {
  const roles = Object.keys(target.processes);
  const daemons = roles.filter((role) => target.processes[role]?.daemon === true);
  const all = [
    ...networkFaults('redis'),
    ...networkFaults('mongo'),
    allDown,
    ...Object.keys(target.needs ?? {}).flatMap(dependencyFaults),
    ...redisFaults,
    restartOlder,
    ...mongoFaults,
    // Nothing can be done to the processes of an attached target.
    ...(target.attach === undefined ? faultsOfProcesses(roles, daemons) : []),
    ...Object.entries(target.calls ?? {}).map(([name, call]) => readCall(name, call)),
    ...(target.faults ?? []),
  ];
  const byName = new Map(all.map((fault) => [fault.name, fault]));
  return new Map([...byName].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function faultsOfProcesses(roles: readonly string[], daemons: readonly string[]): readonly Fault[] {
  return [
    ...processFaults(roles),
    clockJump(daemons.length > 0 ? daemons : roles),
    clockSkew,
    ...roles.flatMap(cutOffFaults),
    atCall(roles),
  ];
}

function readCall(name: string, call: unknown): Fault {
  try {
    return declaredCall(name, call);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new UsageError(
      `calls.${name}, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`,
      'docs/exploring.md says what a fault at a call may be',
    );
  }
}
