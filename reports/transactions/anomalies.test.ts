import { describe, expect, it } from 'vitest';
import { seededRandom } from '../statistics/random.ts';
import { anomaliesOf } from './anomalies.ts';
import { anomalyMeanings, anomalyNames } from './anomaly.ts';
import { transactionSchema, type Element, type Step, type Transaction } from './transaction.ts';

const append = (key: string, element: Element): Step => ({ kind: 'append', key, element });
const read = (key: string, ...list: Element[]): Step => ({ kind: 'read', key, list });
const transaction = (id: string, steps: Step[], type: Transaction['type'] = 'ok'): Transaction => ({
  id,
  type,
  startedMs: 0,
  endedMs: 1,
  steps,
});
const names = (...transactions: Transaction[]) => anomaliesOf(transactions).map(({ name }) => name);

describe('anomalies of transactions', () => {
  it('finds an update that was lost, though no read shows the list afterwards', () => {
    const both = [
      transaction('T1', [read('x'), append('x', 1)]),
      transaction('T2', [read('x'), append('x', 2)]),
    ] as const;
    expect(names(...both)).toEqual(['lost-update']);
    expect(names(both[0], transaction('T2', [read('x'), append('x', 2)], 'info'))).toEqual([]);
    expect(names(both[0], transaction('T2', [read('x', 1), append('x', 2)]))).toEqual([]);
  });

  it('finds elements that no transaction appended, and those that two did', () => {
    expect(names(transaction('T1', [read('x', 7)]))).toEqual(['unwritten-element']);
    expect(names(transaction('T1', [append('x', 7)]), transaction('T2', [append('x', 7)]))).toEqual([
      'repeated-append',
    ]);
  });

  it('finds a read without what was committed before it began, where the model is strict', () => {
    const later = (startedMs: number) => ({ ...transaction('T2', [read('x')]), startedMs, endedMs: 9 });
    const found = (startedMs: number, strict: boolean) =>
      anomaliesOf([transaction('T1', [append('x', 1)]), later(startedMs)], { strict }).map(
        ({ name }) => name,
      );
    expect(found(2, true)).toEqual(['stale-read']);
    expect(found(1, true)).toEqual([]);
    expect(found(2, false)).toEqual([]);
  });

  it('finds none in what can be put in a row', () => {
    expect(
      names(
        transaction('T1', [append('x', 1), append('y', 1)]),
        transaction('T2', [read('x', 1), append('x', 2)]),
        transaction('T3', [read('x', 1, 2), read('y', 1)]),
        transaction('T4', [read('z')]),
      ),
    ).toEqual([]);
  });

  it('G0: writes interleave', () => {
    const found = anomaliesOf([
      transaction('T1', [append('x', 1), append('y', 1)]),
      transaction('T2', [append('x', 2), append('y', 2)]),
      transaction('T3', [read('x', 1, 2), read('y', 2, 1)]),
    ]);
    expect(found.map(({ name }) => name)).toEqual(['G0']);
    expect(found[0]?.transactions.toSorted()).toEqual(['T1', 'T2']);
    expect(found[0]?.explanation.join('; ')).toContain(
      'T1 appended 1 to x, upon which came 2: T1 came before T2 (ww)',
    );
  });

  it('G1a: a read of what was rolled back', () => {
    expect(names(transaction('T1', [append('x', 1)], 'fail'), transaction('T2', [read('x', 1)]))).toEqual([
      'G1a',
    ]);
  });

  it('does not take a transaction of unknown end for one that was rolled back', () => {
    expect(names(transaction('T1', [append('x', 1)], 'info'), transaction('T2', [read('x', 1)]))).toEqual([]);
  });

  it('G1b: a read from the middle of another', () => {
    const writer = transaction('T1', [append('x', 1), append('x', 2)]);
    expect(names(writer, transaction('T2', [read('x', 1)]), transaction('T3', [read('x', 1, 2)]))).toContain(
      'G1b',
    );
    expect(names(writer, transaction('T3', [read('x', 1, 2)]))).toEqual([]);
  });

  it('G1c: each read what the other wrote', () => {
    const first = transaction('T1', [append('x', 1), read('y', 1)]);
    expect(names(first, transaction('T2', [append('y', 1), read('x', 1)]))).toEqual(['G1c']);
  });

  it('G-single: a skewed read', () => {
    const writer = transaction('T1', [append('x', 1), append('y', 1)]);
    expect(
      names(writer, transaction('T2', [read('x', 1), read('y')]), transaction('T3', [read('y', 1)])),
    ).toEqual(['G-single']);
  });

  it('lost update: both wrote on the same version', () => {
    const found = anomaliesOf([
      transaction('T0', [append('x', 0)]),
      transaction('T1', [read('x', 0), append('x', 1)]),
      transaction('T2', [read('x', 0), append('x', 2)]),
      transaction('T3', [read('x', 0, 1, 2)]),
    ]);
    expect(found.map(({ name }) => name)).toEqual(['lost-update']);
    expect(found[0]?.transactions).toEqual(['T2', 'T1']);
  });

  it('G2: a skewed write', () => {
    const first = transaction('T1', [read('x'), append('y', 1)]);
    const second = transaction('T2', [read('y'), append('x', 1)]);
    expect(names(first, second, transaction('T3', [read('x', 1), read('y', 1)]))).toEqual(['G2-item']);
  });

  it('internal: a transaction that does not see its own append', () => {
    expect(names(transaction('T1', [append('x', 1), read('x')]))).toContain('internal');
    expect(names(transaction('T1', [read('x'), append('x', 1), read('x', 1)]))).toEqual([]);
    expect(
      names(transaction('T0', [append('x', 9)]), transaction('T1', [append('x', 1), read('x', 9, 1)])),
    ).toEqual([]);
  });

  it('sees orders that contradict each other, and elements twice', () => {
    expect(names(transaction('T1', [read('x', 1, 2)]), transaction('T2', [read('x', 2)]))).toContain(
      'incompatible-order',
    );
    expect(names(transaction('T1', [read('x', 1, 1)]))).toContain('duplicate-element');
  });

  it('finds nothing in 5,000 serial transactions, and one swapped read among them', () => {
    const serial = serialTransactions(5000);
    expect(anomaliesOf(serial)).toEqual([]);
    const reader = serial.findIndex(
      ({ steps }, index) => index > 4000 && steps[0]?.kind === 'read' && (steps[0].list?.length ?? 0) > 3,
    );
    const spoilt = serial.map((one, index) => {
      const [first, ...rest] = one.steps;
      if (index !== reader || first?.kind !== 'read' || first.list === null) return one;
      return { ...one, steps: [{ ...first, list: first.list.slice(0, 1) }, ...rest] };
    });
    expect(anomaliesOf(spoilt).length).toBeGreaterThan(0);
  });

  it('has a meaning for every name, in order', () => {
    expect(Object.keys(anomalyMeanings)).toEqual([...anomalyNames]);
    expect([...anomalyNames]).toEqual(anomalyNames.toSorted());
    expect(transactionSchema.safeParse(transaction('T1', [append('x', 1)])).success).toBe(true);
  });
});

function serialTransactions(count: number): Transaction[] {
  const random = seededRandom('serial');
  const lists = new Map<string, Element[]>();
  return Array.from({ length: count }, (_, index) => {
    const key = `k${random.below(400)}`;
    const other = `k${random.below(400)}`;
    const list = lists.get(key) ?? [];
    const steps: Step[] = [read(key, ...list), append(key, index)];
    lists.set(key, [...list, index]);
    if (other !== key) steps.push(read(other, ...(lists.get(other) ?? [])));
    return transaction(`T${index}`, steps);
  });
}
