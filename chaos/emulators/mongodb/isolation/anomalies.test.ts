/** Short histories by hand: each anomaly is seen by its name, and what snapshot isolation allows is not accused. */
import { describe, expect, it } from 'vitest';
import { judgeSnapshotIsolation } from './anomalies.ts';
import type { Operation, TransactionRecord } from './history.ts';

const append = (key: number, value: number): Operation => ({ kind: 'append', key, value });
const read = (key: number, ...values: number[]): Operation => ({ kind: 'read', key, values });

/** All at the same time unless times are given. */
function history(
  ...transactions: (Partial<TransactionRecord> & { operations: Operation[] })[]
): TransactionRecord[] {
  return transactions.map((transaction, id) => ({
    id,
    outcome: 'ok',
    startedAt: 0,
    endedAt: 100,
    ...transaction,
  }));
}

function kinds(transactions: TransactionRecord[]): string[] {
  return judgeSnapshotIsolation(transactions).anomalies.map(({ kind }) => kind);
}

describe('judging by snapshot isolation', () => {
  it('accepts a serial history', () => {
    const judged = judgeSnapshotIsolation(
      history(
        { operations: [append(1, 1)], startedAt: 0, endedAt: 1 },
        { operations: [read(1, 1), append(1, 2)], startedAt: 2, endedAt: 3 },
        { operations: [read(1, 1, 2)], startedAt: 4, endedAt: 5 },
      ),
    );
    expect(judged).toMatchObject({ anomalies: [], writeSkews: 0, committed: 3 });
  });

  it('accepts write skew and counts it', () => {
    const judged = judgeSnapshotIsolation(
      history(
        { operations: [read(1), append(2, 1)] },
        { operations: [read(2), append(1, 1)] },
        { operations: [read(1, 1), read(2, 1)], startedAt: 101, endedAt: 102 },
      ),
    );
    expect(judged).toMatchObject({ anomalies: [], writeSkews: 1 });
  });

  it('sees a lost update', () => {
    expect(
      kinds(
        history(
          { operations: [read(1), append(1, 1)] },
          { operations: [read(1), append(1, 2)] },
          { operations: [read(1, 1, 2)], startedAt: 101, endedAt: 102 },
        ),
      ),
    ).toContain('lost-update');
  });

  it('sees read skew (G-single)', () => {
    expect(
      kinds(
        history(
          { operations: [append(1, 1), append(2, 1)] },
          { operations: [read(1), read(2, 1)] },
          { operations: [read(1, 1)], startedAt: 101, endedAt: 102 },
        ),
      ),
    ).toContain('read-skew');
  });

  it('sees two separate anti-dependencies in a cycle (long fork)', () => {
    expect(
      kinds(
        history(
          { operations: [append(1, 1)] },
          { operations: [append(2, 1)] },
          { operations: [read(1, 1), read(2)] },
          { operations: [read(1), read(2, 1)] },
          { operations: [read(1, 1), read(2, 1)], startedAt: 101, endedAt: 102 },
        ),
      ),
    ).toContain('nonadjacent-cycle');
  });

  it('sees dirty writes (G0)', () => {
    expect(
      kinds(
        history(
          { operations: [append(1, 1), append(2, 1)] },
          { operations: [append(1, 2), append(2, 2)] },
          { operations: [read(1, 1, 2), read(2, 2, 1)], startedAt: 101, endedAt: 102 },
        ),
      ),
    ).toContain('dirty-write');
  });

  it('sees circular information flow (G1c)', () => {
    expect(
      kinds(history({ operations: [append(1, 1), read(2, 1)] }, { operations: [append(2, 1), read(1, 1)] })),
    ).toContain('information-cycle');
  });

  it('sees a stale read after the writer was acknowledged', () => {
    expect(
      kinds(
        history(
          { operations: [append(1, 1)], startedAt: 0, endedAt: 1 },
          { operations: [read(1)], startedAt: 2, endedAt: 3 },
          { operations: [read(1, 1)], startedAt: 4, endedAt: 5 },
        ),
      ),
    ).not.toEqual([]);
  });

  it('sees aborted reads (G1a) and intermediate reads (G1b)', () => {
    expect(
      kinds(history({ operations: [append(1, 1)], outcome: 'fail' }, { operations: [read(1, 1)] })),
    ).toContain('aborted-read');
    expect(
      kinds(history({ operations: [append(1, 1), append(1, 2)] }, { operations: [read(1, 1)] })),
    ).toContain('intermediate-read');
  });

  it('sees reads that miss the own write, orders that contradict and values from nowhere', () => {
    expect(kinds(history({ operations: [append(1, 1), read(1)] }))).toContain('internal');
    expect(
      kinds(
        history(
          { operations: [append(1, 1)] },
          { operations: [append(1, 2)] },
          { operations: [read(1, 1, 2)] },
          { operations: [read(1, 2)] },
        ),
      ),
    ).toContain('incompatible-order');
    expect(kinds(history({ operations: [read(1, 9)] }))).toContain('unknown-value');
  });

  it('takes a transaction of unknown outcome as committed only when it was seen', () => {
    expect(
      kinds(history({ operations: [append(1, 1)], outcome: 'info' }, { operations: [read(1)] })),
    ).toEqual([]);
    expect(
      kinds(history({ operations: [append(1, 1)], outcome: 'info' }, { operations: [read(1, 1)] })),
    ).toEqual([]);
  });
});
