/** Who depends on whom: wrote before (ww), was read by (wr), was missed by (rw). The graph in which cycles are anomalies. */
import type { Transaction } from './transaction.ts';
import { elementKey, type VersionOrders } from './version-orders.ts';

export type DependencyKind = 'rw' | 'wr' | 'ww';

export interface Dependency {
  readonly kind: DependencyKind;
  readonly from: string;
  readonly to: string;
  readonly key: string;
  readonly why: string;
}

/** By the transaction they start from. Transactions that were rolled back have none. */
export type Graph = ReadonlyMap<string, readonly Dependency[]>;

export function dependencyGraph(
  transactions: readonly Transaction[],
  { orders, appends }: VersionOrders,
): Graph {
  const graph = new Map<string, Dependency[]>();
  const writerOf = (key: string, element: string | number | undefined): Transaction | undefined => {
    const writer = element === undefined ? undefined : appends.get(elementKey(key, element))?.transaction;
    return writer?.type === 'fail' ? undefined : writer;
  };
  const add = (
    kind: DependencyKind,
    from: Transaction | undefined,
    to: Transaction | undefined,
    key: string,
    why: string,
  ): void => {
    if (from === undefined || to === undefined || from === to) return;
    const edges = graph.get(from.id);
    const edge = { kind, from: from.id, to: to.id, key, why };
    if (edges === undefined) graph.set(from.id, [edge]);
    else edges.push(edge);
  };
  for (const [key, order] of orders) {
    for (const [index, element] of order.entries()) {
      const next = order[index + 1];
      add(
        'ww',
        writerOf(key, element),
        writerOf(key, next),
        key,
        `appended ${element} to ${key}, upon which came ${next}`,
      );
    }
  }
  for (const transaction of transactions) {
    if (transaction.type !== 'ok') continue;
    for (const step of transaction.steps) {
      if (step.kind !== 'read' || step.list === null) continue;
      const last = step.list.at(-1);
      add(
        'wr',
        writerOf(step.key, last),
        transaction,
        step.key,
        `appended ${last} to ${step.key}, which was read`,
      );
      const next = orders.get(step.key)?.[step.list.length];
      add(
        'rw',
        transaction,
        writerOf(step.key, next),
        step.key,
        `read ${step.key} without ${next}, which was appended later`,
      );
    }
  }
  return graph;
}
