import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deadline } from '../deadline.ts';
import type { System } from '../system.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';

let stack: TestStack;
let system: System;

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
  await plantTestWorld(system, 'w', { generals: 3 });
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

it('a transaction whose abort is lost does not block others for long', async () => {
  const { general } = system.collections.entities;
  const filter = { _id: 'w:g1' };
  const admin = system.database.db?.admin();
  // The first answer that is lost is that to the command in the body, the next two those to the abort and its repetition.
  await admin?.command({
    configureFailPoint: 'failCommand',
    mode: { times: 2 },
    data: { failCommands: ['abortTransaction'], closeConnection: true },
  });
  using deadline = new Deadline(system.clock, 400);
  const cutOff = Object.assign(new Error('the connection is gone'), { name: 'MongoNetworkError' });
  const body = system.transactions.run(deadline, async (session) => {
    await general.documents.updateOne(filter, { $inc: { gold: 1 } }, { session });
    throw cutOff;
  });
  await expect(body).rejects.toBe(cutOff);
  const before = await general.documents.findOne(filter);
  // The transaction would hold the document for a minute; the limit is the server's own for this one command.
  await general.documents.updateOne(filter, { $inc: { gold: 10 } }, { maxTimeMS: 20_000 });
  const after = await general.documents.findOne(filter);
  expect((after?.gold ?? 0) - (before?.gold ?? 0)).toBe(10);
}, 30_000);
