import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import { startMongoServer } from '../emulators/mongodb/server.ts';
import type { FaultContext } from '../api/fault.ts';
import { mongoPartition } from './mongo.ts';

/** A first member that gives up its role when it is cut off, of a set whose others are at these addresses. Waits pass at once. */
function firstMember(others: readonly string[]) {
  const calls: string[] = [];
  const interruption = new AbortController();
  let isPrimary = true;
  let nowMs = 0;
  let requests = 5;
  const context = {
    stack: {
      endpoints: { mongo: { others } },
      partition: async () => {
        calls.push('partition');
        isPrimary = false;
      },
      rejoin: async () => {
        calls.push('rejoin');
        isPrimary = true;
      },
    },
    observer: {
      database: { admin: () => ({ command: async () => ({ isWritablePrimary: isPrimary }) }) },
      mongoState: async () => ({ clients: 3, requests: (requests += 1) }),
    },
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: async (delayMs: number) => {
        nowMs += delayMs;
      },
    },
    signal: interruption.signal,
  };
  return {
    calls,
    interruption,
    takeRoleBack: () => (isPrimary = true),
    // Only what the fault uses.
    context: context as unknown as FaultContext,
  };
}

async function otherPrimary() {
  return await startMongoServer({
    host: '127.0.0.1',
    port: 0,
    folder: undefined,
    clock: systemClock,
    random: seededRandom('mongo-partition'),
  });
}

test('the effect is observed while another member is primary, and the first one comes back once', async () => {
  await using other = await otherPrimary();
  const { context, calls } = firstMember([`mongodb://127.0.0.1:${other.port}/?directConnection=true`]);
  const active = await mongoPartition.apply(context, {});
  expect(await active.effect()).toMatchObject({ observed: true, measures: { connections: 3, requests: 1 } });
  await active.heal();
  await active.heal();
  expect(calls).toEqual(['partition', 'rejoin']);
});

test('the effect is not observed when the first member is primary again before it is healed', async () => {
  await using other = await otherPrimary();
  const first = firstMember([`mongodb://127.0.0.1:${other.port}/?directConnection=true`]);
  const active = await mongoPartition.apply(first.context, {});
  first.takeRoleBack();
  expect(await active.effect()).toMatchObject({
    observed: false,
    evidence: 'the member is primary again, and another is, before it was healed',
  });
});

test('the partition is taken back when no other member follows', async () => {
  const { context, calls } = firstMember([]);
  await expect(mongoPartition.apply(context, {})).rejects.toThrow('was followed by another');
  expect(calls).toEqual(['partition', 'rejoin']);
});

test('the partition is taken back when the run is interrupted meanwhile', async () => {
  const { context, calls, interruption } = firstMember([]);
  interruption.abort(new Error('interrupted'));
  await expect(mongoPartition.apply(context, {})).rejects.toThrow('interrupted');
  expect(calls).toEqual(['partition', 'rejoin']);
});
