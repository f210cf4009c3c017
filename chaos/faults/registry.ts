/** The faults of a target, in alphabetical order: those of the network, of each store, of its processes, and its own. */
import type { Target } from '../api/define.ts';
import type { Fault } from '../api/fault.ts';
import { dependencyFaults } from './dependency.ts';
import { mongoFaults } from './mongo.ts';
import { allDown, networkFaults } from './network.ts';
import { processFaults } from './processes.ts';
import { redisFaults } from './redis.ts';

export type FaultRegistry = ReadonlyMap<string, Fault>;

/** A fault of the target's own replaces the built-in one of the same name. */
export function faultsOf(target: Pick<Target, 'faults' | 'needs' | 'processes'>): FaultRegistry {
  const roles = Object.keys(target.processes);
  const daemons = roles.filter((role) => target.processes[role]?.daemon === true);
  const all = [
    ...networkFaults('redis'),
    ...networkFaults('mongo'),
    allDown,
    ...Object.keys(target.needs ?? {}).flatMap(dependencyFaults),
    ...redisFaults,
    ...mongoFaults,
    ...processFaults(roles, daemons),
    ...(target.faults ?? []),
  ];
  const byName = new Map(all.map((fault) => [fault.name, fault]));
  return new Map([...byName].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
