/**
 * Dependencies between transactions, from what they read and appended (Adya, "Weak Consistency", 1999; the recovery of
 * version orders from appended lists is that of Elle, Kingsbury and Alvaro, 2020).
 */
import type { Anomaly, TransactionRecord } from './history.ts';

export type EdgeKind = 'ww' | 'wr' | 'rw' | 'rt';

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  readonly key: number | undefined;
}

export interface Dependencies {
  readonly edges: readonly Edge[];
  /** Transactions that certainly committed, by id. */
  readonly committed: ReadonlyMap<number, TransactionRecord>;
  readonly anomalies: readonly Anomaly[];
}

interface Append {
  readonly transaction: TransactionRecord;
  readonly isLastOfKey: boolean;
}

export function dependenciesOf(history: readonly TransactionRecord[]): Dependencies {
  const anomalies: Anomaly[] = [];
  const appends = appendsByValue(history, anomalies);
  const orders = versionOrders(history, anomalies);
  const committed = committedTransactions(history, orders, appends);
  for (const [key, order] of orders) checkOrder(key, order, appends, anomalies);
  const edges: Edge[] = [];
  for (const [key, order] of orders) writeEdges(key, order, appends, edges);
  for (const transaction of committed.values()) {
    checkReads(transaction, appends, anomalies);
    readEdges(transaction, orders, appends, edges);
  }
  const realTime = realTimeEdges([...committed.values()].filter(({ outcome }) => outcome === 'ok'));
  return { edges: [...edges, ...realTime], committed, anomalies };
}

function valueKey(key: number, value: number): string {
  return `${key}/${value}`;
}

function appendsByValue(history: readonly TransactionRecord[], anomalies: Anomaly[]): Map<string, Append> {
  const appends = new Map<string, Append>();
  for (const transaction of history) {
    const { operations } = transaction;
    operations.forEach((operation, index) => {
      if (operation.kind !== 'append') return;
      const isLastOfKey = !operations
        .slice(index + 1)
        .some((later) => later.kind === 'append' && later.key === operation.key);
      const name = valueKey(operation.key, operation.value);
      if (appends.has(name)) {
        anomalies.push(
          anomaly('duplicate-value', 'workload', [transaction.id], `value ${name} was appended twice`),
        );
      }
      appends.set(name, { transaction, isLastOfKey });
    });
  }
  return appends;
}

/** The longest list read of each key; every other must be its beginning. */
function versionOrders(
  history: readonly TransactionRecord[],
  anomalies: Anomaly[],
): Map<number, readonly number[]> {
  const longest = new Map<number, { values: readonly number[]; by: number }>();
  const reads = history
    .filter(({ outcome }) => outcome === 'ok')
    .flatMap(({ id, operations }) => externalReads(operations).map((read) => ({ ...read, by: id })));
  for (const { key, values, by } of reads) {
    const known = longest.get(key);
    if (known === undefined || values.length > known.values.length) longest.set(key, { values, by });
  }
  for (const { key, values, by } of reads) {
    const order = longest.get(key);
    if (order === undefined || values.every((value, index) => order.values[index] === value)) continue;
    anomalies.push(
      anomaly(
        'incompatible-order',
        'incompatible order',
        [by, order.by],
        `key ${key}: [${values}] is no beginning of [${order.values}]`,
      ),
    );
  }
  return new Map([...longest].map(([key, { values }]) => [key, values]));
}

/** Reads of what others wrote: the reader's own appends, which it sees at the end, are taken off. */
function externalReads(
  operations: TransactionRecord['operations'],
): { key: number; values: readonly number[] }[] {
  const own = new Map<number, number>();
  const reads: { key: number; values: readonly number[] }[] = [];
  for (const operation of operations) {
    if (operation.kind === 'append') own.set(operation.key, (own.get(operation.key) ?? 0) + 1);
    else
      reads.push({
        key: operation.key,
        values: operation.values.slice(0, operation.values.length - (own.get(operation.key) ?? 0)),
      });
  }
  return reads;
}

/** Those that said so, and those of unknown outcome of which somebody saw a value. */
function committedTransactions(
  history: readonly TransactionRecord[],
  orders: ReadonlyMap<number, readonly number[]>,
  appends: ReadonlyMap<string, Append>,
): Map<number, TransactionRecord> {
  const seen = new Set<number>();
  for (const [key, order] of orders) {
    for (const value of order) {
      const append = appends.get(valueKey(key, value));
      if (append !== undefined) seen.add(append.transaction.id);
    }
  }
  return new Map(
    history
      .filter(({ id, outcome }) => outcome === 'ok' || (outcome === 'info' && seen.has(id)))
      .map((transaction) => [transaction.id, transaction]),
  );
}

function checkOrder(
  key: number,
  order: readonly number[],
  appends: ReadonlyMap<string, Append>,
  anomalies: Anomaly[],
): void {
  if (new Set(order).size !== order.length) {
    anomalies.push(anomaly('duplicate-value', 'duplicate', [], `key ${key}: [${order}] has a value twice`));
  }
  for (const value of order) {
    const append = appends.get(valueKey(key, value));
    if (append === undefined) {
      anomalies.push(anomaly('unknown-value', 'garbage read', [], `key ${key}: nobody appended ${value}`));
    } else if (append.transaction.outcome === 'fail') {
      anomalies.push(
        anomaly(
          'aborted-read',
          'G1a',
          [append.transaction.id],
          `key ${key}: ${value} was read, its transaction was aborted`,
        ),
      );
    }
  }
}

/** What a transaction reads of its own must be there, and of others only what they left. */
function checkReads(
  transaction: TransactionRecord,
  appends: ReadonlyMap<string, Append>,
  anomalies: Anomaly[],
): void {
  const known = new Map<number, number[]>();
  for (const operation of transaction.operations) {
    const { key } = operation;
    if (operation.kind === 'append') {
      known.get(key)?.push(operation.value);
      if (!known.has(key)) known.set(key, [Number.NaN, operation.value]);
      continue;
    }
    const expected = known.get(key);
    if (expected !== undefined && !agrees(expected, operation.values)) {
      anomalies.push(
        anomaly(
          'internal',
          'internal',
          [transaction.id],
          `key ${key}: read [${operation.values}] after [${expected}]`,
        ),
      );
    }
    known.set(key, [...operation.values]);
    const last = operation.values.at(-1);
    const append = last === undefined ? undefined : appends.get(valueKey(key, last));
    if (append !== undefined && !append.isLastOfKey && append.transaction.id !== transaction.id) {
      anomalies.push(
        anomaly(
          'intermediate-read',
          'G1b',
          [append.transaction.id, transaction.id],
          `key ${key}: ${last} was read, its transaction appended more`,
        ),
      );
    }
  }
}

/** NaN at the start stands for whatever was there before the transaction's own appends. */
function agrees(expected: readonly number[], values: readonly number[]): boolean {
  if (!Number.isNaN(expected[0]))
    return expected.length === values.length && expected.every((value, index) => values[index] === value);
  const own = expected.slice(1);
  return own.every((value, index) => values[values.length - own.length + index] === value);
}

function writeEdges(
  key: number,
  order: readonly number[],
  appends: ReadonlyMap<string, Append>,
  edges: Edge[],
): void {
  for (let index = 1; index < order.length; index += 1) {
    const from = appends.get(valueKey(key, order[index - 1] ?? 0))?.transaction.id;
    const to = appends.get(valueKey(key, order[index] ?? 0))?.transaction.id;
    if (from !== undefined && to !== undefined && from !== to) edges.push({ from, to, kind: 'ww', key });
  }
}

function readEdges(
  { id, operations }: TransactionRecord,
  orders: ReadonlyMap<number, readonly number[]>,
  appends: ReadonlyMap<string, Append>,
  edges: Edge[],
): void {
  for (const { key, values } of externalReads(operations)) {
    const last = values.at(-1);
    const writer = last === undefined ? undefined : appends.get(valueKey(key, last))?.transaction.id;
    if (writer !== undefined && writer !== id) edges.push({ from: writer, to: id, kind: 'wr', key });
    const next = orders.get(key)?.[values.length];
    const overwriter = next === undefined ? undefined : appends.get(valueKey(key, next))?.transaction.id;
    if (overwriter !== undefined && overwriter !== id)
      edges.push({ from: id, to: overwriter, kind: 'rw', key });
  }
}

/** From each transaction to those that started after it ended; those that follow from others are left out. */
function realTimeEdges(transactions: readonly TransactionRecord[]): Edge[] {
  const edges: Edge[] = [];
  const moments = transactions
    .flatMap((transaction) => [
      { at: transaction.startedAt, isEnd: false, transaction },
      { at: transaction.endedAt, isEnd: true, transaction },
    ])
    .sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd));
  let frontier: TransactionRecord[] = [];
  for (const { isEnd, transaction } of moments) {
    if (isEnd) {
      frontier = frontier.filter(({ endedAt }) => endedAt >= transaction.startedAt);
      frontier.push(transaction);
    } else {
      for (const { id } of frontier) edges.push({ from: id, to: transaction.id, kind: 'rt', key: undefined });
    }
  }
  return edges;
}

function anomaly(
  kind: Anomaly['kind'],
  name: string,
  transactions: readonly number[],
  detail: string,
): Anomaly {
  return { kind, name, transactions, detail };
}
