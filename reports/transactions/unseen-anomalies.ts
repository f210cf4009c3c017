/**
 * Anomalies that no circle of observed versions shows: elements that no transaction appended, or two of them, updates of which one was never read again, and reads that lack
 * what had been committed before they began.
 */
import type { Anomaly } from './anomaly.ts';
import type { Transaction } from './transaction.ts';
import { elementKey } from './version-orders.ts';

/** `strict`: whether the model promises that a read shows what was committed before its transaction began. */
export function unseenAnomalies(transactions: readonly Transaction[], strict: boolean): Anomaly[] {
  const appends = appendsBy(transactions);
  return [
    ...unwrittenElements(transactions, appends),
    ...repeatedAppends(appends),
    ...lostUpdates(transactions),
    ...(strict ? staleReads(transactions) : []),
  ];
}

function appendsBy(transactions: readonly Transaction[]): Map<string, Transaction[]> {
  const appends = new Map<string, Transaction[]>();
  for (const transaction of transactions) {
    for (const step of transaction.steps) {
      if (step.kind !== 'append') continue;
      push(appends, elementKey(step.key, step.element), transaction);
    }
  }
  return appends;
}

function push<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

type Appends = ReadonlyMap<string, readonly Transaction[]>;

function unwrittenElements(transactions: readonly Transaction[], appends: Appends): Anomaly[] {
  const seen = new Set<string>();
  return transactions.flatMap(({ id, type, steps }) =>
    steps.flatMap((step): Anomaly[] => {
      if (type !== 'ok' || step.kind !== 'read' || step.list === null) return [];
      return step.list.flatMap((element) => {
        const key = elementKey(step.key, element);
        if (appends.has(key) || seen.has(key)) return [];
        seen.add(key);
        const explanation = [`${id} read ${element} in ${step.key}, which no transaction appended`];
        return [{ name: 'unwritten-element' as const, explanation, transactions: [id] }];
      });
    }),
  );
}

function repeatedAppends(appends: Appends): Anomaly[] {
  return [...appends].flatMap(([element, own]) => {
    const committed = own.filter(({ type }) => type === 'ok');
    if (committed.length < 2) return [];
    const ids = committed.map(({ id }) => id);
    return [
      {
        name: 'repeated-append' as const,
        explanation: [`${ids.join(' and ')} each appended ${element}`],
        transactions: ids,
      },
    ];
  });
}

/** Committed transactions that read the same version of a list and appended to it: one of both did not see the other, whatever was read later. */
function lostUpdates(transactions: readonly Transaction[]): Anomaly[] {
  const updates = new Map<string, Set<string>>();
  for (const { id, type, steps } of transactions) {
    if (type !== 'ok') continue;
    const read = new Map<string, string>();
    const appended = new Set<string>();
    for (const step of steps) {
      if (step.kind === 'read') {
        if (step.list !== null && !appended.has(step.key) && !read.has(step.key))
          read.set(step.key, JSON.stringify([step.key, step.list]));
        continue;
      }
      const version = appended.has(step.key) ? undefined : read.get(step.key);
      appended.add(step.key);
      if (version !== undefined) updates.set(version, (updates.get(version) ?? new Set()).add(id));
    }
  }
  return [...updates].flatMap(([version, ids]) => {
    if (ids.size < 2) return [];
    const names = [...ids];
    const explanation = [`${names.join(' and ')} read ${version} and appended to it`];
    return [{ name: 'lost-update' as const, explanation, transactions: names }];
  });
}

function staleReads(transactions: readonly Transaction[]): Anomaly[] {
  const committed = new Map<string, { element: number | string; by: Transaction }[]>();
  for (const by of transactions) {
    if (by.type !== 'ok') continue;
    for (const step of by.steps) {
      if (step.kind !== 'append') continue;
      push(committed, step.key, { element: step.element, by });
    }
  }
  return transactions.flatMap((reader) =>
    reader.steps.flatMap((step): Anomaly[] => {
      if (reader.type !== 'ok' || step.kind !== 'read' || step.list === null) return [];
      const shown = new Set(step.list);
      const missed = committed
        .get(step.key)
        ?.find(({ element, by }) => by.endedMs < reader.startedMs && !shown.has(element));
      if (missed === undefined) return [];
      const { element, by } = missed;
      const explanation = [
        `${by.id} appended ${element} to ${step.key} and ended at ${by.endedMs} ms`,
        `${reader.id} began at ${reader.startedMs} ms and read ${step.key} without it`,
      ];
      return [{ name: 'stale-read', explanation, transactions: [by.id, reader.id] }];
    }),
  );
}
