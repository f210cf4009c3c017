/** Anomalies that one read shows by itself: of what was rolled back, of a half-done transaction, or against its own steps. */
import type { Anomaly } from './anomaly.ts';
import type { Element, Transaction } from './transaction.ts';
import { elementKey, type VersionOrders } from './version-orders.ts';

export function singleAnomalies(transactions: readonly Transaction[], versions: VersionOrders): Anomaly[] {
  return transactions
    .filter(({ type }) => type === 'ok')
    .flatMap((transaction) => [...foreignReads(transaction, versions), ...internal(transaction)]);
}

function foreignReads(transaction: Transaction, { appends }: VersionOrders): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (const step of transaction.steps) {
    if (step.kind !== 'read' || step.list === null) continue;
    for (const element of step.list) {
      const append = appends.get(elementKey(step.key, element));
      if (append?.transaction.type !== 'fail') continue;
      anomalies.push({
        name: 'G1a',
        explanation: [
          `${transaction.id} read ${element} in ${step.key}, which ${append.transaction.id} appended and rolled back`,
        ],
        transactions: [append.transaction.id, transaction.id],
      });
    }
    const last = step.list.at(-1);
    const writer = last === undefined ? undefined : appends.get(elementKey(step.key, last));
    if (writer?.intermediate === true && writer.transaction.id !== transaction.id) {
      anomalies.push({
        name: 'G1b',
        explanation: [
          `${transaction.id} read ${step.key} ending in ${last}, and ${writer.transaction.id} appended more after it`,
        ],
        transactions: [writer.transaction.id, transaction.id],
      });
    }
  }
  return anomalies;
}

/** What a transaction read or appended before must be the beginning, or the end, of what it reads later. */
function internal(transaction: Transaction): Anomaly[] {
  const known = new Map<string, { list: readonly Element[]; whole: boolean }>();
  for (const step of transaction.steps) {
    const before = known.get(step.key);
    if (step.kind === 'append') {
      known.set(step.key, { list: [...(before?.list ?? []), step.element], whole: before?.whole ?? false });
      continue;
    }
    const { list } = step;
    if (list === null) continue;
    if (before !== undefined && !fits(list, before)) {
      return [
        {
          name: 'internal',
          explanation: [
            `${transaction.id} had ${step.key} ${before.whole ? 'as' : 'ending in'} ${JSON.stringify(before.list)} and then read ${JSON.stringify(list)}`,
          ],
          transactions: [transaction.id],
        },
      ];
    }
    known.set(step.key, { list, whole: true });
  }
  return [];
}

function fits(
  list: readonly Element[],
  { list: expected, whole }: { list: readonly Element[]; whole: boolean },
): boolean {
  if (whole && list.length !== expected.length) return false;
  const offset = list.length - expected.length;
  return offset >= 0 && expected.every((element, index) => element === list[offset + index]);
}
