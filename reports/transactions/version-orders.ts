/**
 * Recovers the order in which elements were appended to each list: a read shows the whole history of its list, so the
 * longest read of it is that order, and every other read must be a beginning of it.
 */
import type { Anomaly } from './anomaly.ts';
import type { Element, Transaction } from './transaction.ts';

interface Append {
  readonly transaction: Transaction;
  /** True for an append that the same transaction followed by another to the same list. */
  readonly intermediate: boolean;
}

export interface VersionOrders {
  /** Elements of each list in their order, as far as reads show it. */
  readonly orders: ReadonlyMap<string, readonly Element[]>;
  /** Who appended an element, by elementKey. */
  readonly appends: ReadonlyMap<string, Append>;
  readonly anomalies: readonly Anomaly[];
}

export function elementKey(key: string, element: Element): string {
  return JSON.stringify([key, element]);
}

export function versionOrders(transactions: readonly Transaction[]): VersionOrders {
  const anomalies: Anomaly[] = [];
  const longest = new Map<string, { list: readonly Element[]; reader: string }>();
  const reads = transactions
    .filter(({ type }) => type === 'ok')
    .flatMap((transaction) =>
      transaction.steps.flatMap((step) =>
        step.kind === 'read' && step.list !== null
          ? [{ key: step.key, list: step.list, reader: transaction.id }]
          : [],
      ),
    );
  for (const { key, list, reader } of reads) {
    if (new Set(list).size < list.length) {
      anomalies.push({
        name: 'duplicate-element',
        explanation: [`${reader} read ${key} as ${JSON.stringify(list)}, with an element twice`],
        transactions: [reader],
      });
    }
    if (list.length > (longest.get(key)?.list.length ?? -1)) longest.set(key, { list, reader });
  }
  for (const { key, list, reader } of reads) {
    const whole = longest.get(key);
    if (whole === undefined || list.every((element, index) => element === whole.list[index])) continue;
    anomalies.push({
      name: 'incompatible-order',
      explanation: [
        `${whole.reader} read ${key} as ${JSON.stringify(whole.list)}`,
        `${reader} read it as ${JSON.stringify(list)}, which is no beginning of that`,
      ],
      transactions: [whole.reader, reader],
    });
  }
  return {
    orders: new Map([...longest].map(([key, { list }]) => [key, list])),
    appends: appendsOf(transactions),
    anomalies,
  };
}

function appendsOf(transactions: readonly Transaction[]): Map<string, Append> {
  const appends = new Map<string, Append>();
  for (const transaction of transactions) {
    const later = new Set<string>();
    for (const step of transaction.steps.toReversed()) {
      if (step.kind !== 'append') continue;
      appends.set(elementKey(step.key, step.element), { transaction, intermediate: later.has(step.key) });
      later.add(step.key);
    }
  }
  return appends;
}
