import { expect, test } from 'vitest';
import { Deadline } from '../deadline.ts';
import { seededRandom } from '../random.ts';
import { systemClock } from '../clock.ts';
import { createTransactionRunner } from './transaction.ts';

/** An error as the driver gives it: its name, and the labels on it. */
function driverError(name: string, ...labels: string[]): Error {
  return Object.assign(new Error(name), {
    name,
    hasErrorLabel: (label: string) => labels.includes(label),
  });
}

const lostReply = driverError('MongoNetworkError', 'UnknownTransactionCommitResult');
const noServer = driverError('MongoServerSelectionError');
const refused = driverError('MongoServerError');

/** A session whose commits end as given, one after the other; the last one for ever. Null commits. */
function runnerWith(commits: readonly (Error | null)[]) {
  let attempts = 0;
  const session = {
    startTransaction: () => undefined,
    inTransaction: () => false,
    serverSession: { isDirty: false },
    endSession: () => Promise.resolve(),
    commitTransaction: () => {
      const end = commits[Math.min(attempts, commits.length - 1)];
      attempts += 1;
      return end instanceof Error ? Promise.reject(end) : Promise.resolve();
    },
  };
  const connection = { startSession: () => Promise.resolve(session) };
  const abandoned: unknown[] = [];
  const runner = createTransactionRunner(connection as never, systemClock, seededRandom('test'), {
    add: (given) => abandoned.push(given),
  });
  return {
    run: async () => {
      using deadline = new Deadline(systemClock, 150);
      return await runner.run(deadline, () => Promise.resolve('done'));
    },
    attempts: () => attempts,
    abandoned,
  };
}

test('a commit whose answer was lost is committed again', async () => {
  const { run, attempts } = runnerWith([lostReply, null]);
  expect(await run()).toBe('done');
  expect(attempts()).toBe(2);
});

test('after a lost answer, a server that can not be had leaves the outcome unknown', async () => {
  await expect(runnerWith([lostReply, noServer]).run()).rejects.toMatchObject({ code: 'outcome_unknown' });
});

test('a connection that failed without any label leaves the outcome unknown as well', async () => {
  await expect(runnerWith([noServer]).run()).rejects.toMatchObject({ code: 'outcome_unknown' });
});

test('a commit that the server refused did not happen', async () => {
  await expect(runnerWith([refused]).run()).rejects.toBe(refused);
});

test('a transaction that the server does not know any more is run again from its start', async () => {
  const { run, attempts } = runnerWith([driverError('MongoServerError', 'TransientTransactionError'), null]);
  expect(await run()).toBe('done');
  expect(attempts()).toBe(2);
});

test('a transaction is given up as possibly open after an outage, and only then', async () => {
  for (const [commits, count] of [
    [[noServer], 1],
    [[lostReply, null], 0],
    [[refused], 0],
  ] as const) {
    const { run, abandoned } = runnerWith(commits);
    await run().catch(() => undefined);
    expect(abandoned).toHaveLength(count);
  }
});
