/**
 * Judges recorded list-append transactions as Elle does: from what they read follows in which order they must have
 * happened, and a circle in that order is an anomaly, explained step by step.
 */
import type { Anomaly, AnomalyName } from './anomaly.ts';
import { components, shortestCycle, type CycleShape } from './cycles.ts';
import { dependencyGraph, type Dependency, type DependencyKind, type Graph } from './dependencies.ts';
import { singleAnomalies } from './single-anomalies.ts';
import type { Transaction } from './transaction.ts';
import { unseenAnomalies } from './unseen-anomalies.ts';
import { versionOrders } from './version-orders.ts';

const of = (...kinds: DependencyKind[]): ReadonlySet<DependencyKind> => new Set(kinds);

/** From the worst to the mildest; a component is named by the first that fits. */
const shapes: readonly (readonly [AnomalyName, CycleShape])[] = [
  ['G0', { begin: 'ww', kinds: of('ww') }],
  ['G1c', { begin: 'wr', kinds: of('ww', 'wr') }],
  ['G-single', { begin: 'rw', kinds: of('ww', 'wr') }],
  ['G2-item', { begin: 'rw', kinds: of('rw', 'ww', 'wr') }],
];

export interface TransactionModel {
  /** Whether a read shows what was committed before its transaction began. */
  readonly strict?: boolean;
}

/** Every anomaly found, at most one cycle for each knot of transactions; empty when they could have been serial, in real time where the model is strict. */
export function anomaliesOf(
  transactions: readonly Transaction[],
  { strict = false }: TransactionModel = {},
): Anomaly[] {
  const versions = versionOrders(transactions);
  const graph = dependencyGraph(transactions, versions);
  const cycles = components(graph).flatMap((members) => cycleAnomaly(graph, members) ?? []);
  const explained = new Set(cycles.flatMap(({ transactions: ids }) => ids));
  return [
    ...versions.anomalies,
    ...singleAnomalies(transactions, versions),
    ...cycles,
    // Those in a circle are explained by it.
    ...unseenAnomalies(transactions, strict).filter(
      ({ name, transactions: ids }) => name !== 'lost-update' || !ids.every((id) => explained.has(id)),
    ),
  ];
}

function cycleAnomaly(graph: Graph, members: ReadonlySet<string>): Anomaly | null {
  for (const [name, shape] of shapes) {
    const cycle = shortestCycle(graph, members, shape);
    if (cycle === null) continue;
    return {
      name: name === 'G-single' && isLostUpdate(cycle) ? 'lost-update' : name,
      explanation: cycle.map(
        ({ from, to, why, kind }) => `${from} ${why}: ${from} came before ${to} (${kind})`,
      ),
      transactions: cycle.map(({ from }) => from),
    };
  }
  return null;
}

/** Two transactions, one list: one read it without the other's append, and the other's came before its own. */
function isLostUpdate(cycle: readonly Dependency[]): boolean {
  const [missed, overwrote] = cycle;
  return cycle.length === 2 && missed?.key === overwrote?.key && overwrote?.kind === 'ww';
}
