import { Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { ChangeLog } from './change-log.ts';

const origin = {
  namespace: 'shop.orders',
  uuid: undefined,
  sessionId: undefined,
  transactionNumber: undefined,
  keepsImages: false,
};

function append(log: ChangeLog, counter: number, after: Uint8Array, before?: Uint8Array): void {
  const kind = before === undefined ? 'insert' : 'update';
  const place = { seconds: 7, counter, index: 0, wallTimeMs: 7000 };
  log.append({ kind, namespace: origin.namespace, before, after }, place, origin);
  log.publish();
}

const timeOf = (counter: number): Timestamp => new Timestamp({ t: 7, i: counter });

describe('ChangeLog', () => {
  it('gives back what was appended, also when the bytes given are overwritten afterwards', () => {
    const log = new ChangeLog(timeOf(0));
    const [before, after] = [Uint8Array.of(1, 2, 3, 4, 5), Uint8Array.of(6, 7, 8, 9, 10)];
    append(log, 1, after, before);
    after.fill(0);
    before.fill(0);
    expect(log.at(0)).toMatchObject({
      kind: 'update',
      namespace: 'shop.orders',
      before: Buffer.from([1, 2, 3, 4, 5]),
      after: Buffer.from([6, 7, 8, 9, 10]),
      isReplacement: false,
      clusterTime: timeOf(1),
      wallTimeMs: 7000,
    });
    expect(log.at(1)).toBeUndefined();
  });

  it('keeps a change whose documents are larger than a block', () => {
    const log = new ChangeLog(timeOf(0));
    append(log, 1, new Uint8Array(5).fill(1));
    append(log, 2, new Uint8Array(3_000_000).fill(2));
    append(log, 3, new Uint8Array(5).fill(3));
    expect([0, 1, 2].map((sequence) => log.at(sequence)?.after?.length)).toEqual([5, 3_000_000, 5]);
    expect(log.at(2)?.after).toEqual(Buffer.alloc(5, 3));
  });

  it('finds the first change at or after a time', () => {
    const log = new ChangeLog(timeOf(0));
    for (let counter = 2; counter <= 6000; counter += 2) append(log, counter, Uint8Array.of(5));
    expect(log.sequenceAt({ clusterTime: timeOf(1), index: 0 })).toBe(0);
    expect(log.sequenceAt({ clusterTime: timeOf(4001), index: 0 })).toBe(2000);
    expect(log.sequenceAt({ clusterTime: timeOf(4002), index: 0 })).toBe(2000);
    expect(log.sequenceAt({ clusterTime: timeOf(6001), index: 0 })).toBe(3000);
  });

  it('forgets the oldest changes, keeps 20,000 at least and tells up to which time it has forgotten', () => {
    const log = new ChangeLog(timeOf(0));
    for (let counter = 1; counter <= 40_001; counter += 1) append(log, counter, Uint8Array.of(5));
    const oldest = log.sequenceAt({ clusterTime: timeOf(0), index: 0 });
    expect(log.nextSequence - oldest).toBeGreaterThanOrEqual(20_000);
    expect(log.nextSequence - oldest).toBeLessThan(22_000);
    expect(log.isForgotten(oldest - 1)).toBe(true);
    expect(log.isForgotten(oldest)).toBe(false);
    expect(() => log.at(oldest - 1)).toThrow(RangeError);
    expect(log.firstTime).toEqual(timeOf(oldest));
    expect(log.at(oldest)?.clusterTime).toEqual(timeOf(oldest + 1));
  });

  it('forgets large documents before there are many', () => {
    const log = new ChangeLog(timeOf(0));
    for (let counter = 1; counter <= 150; counter += 1) append(log, counter, new Uint8Array(1024 * 1024));
    expect(log.isForgotten(0)).toBe(true);
    expect(log.at(149)?.clusterTime).toEqual(timeOf(150));
  });
});
