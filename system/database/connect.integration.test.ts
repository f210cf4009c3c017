import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFresh } from '../models/world-reads.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});

afterAll(() => stack[Symbol.asyncDispose]());

it('a process that began while MongoDB was away works in the database of all the others', async () => {
  await using early = await openTestSystem(stack);
  await plantTestWorld(early, 'w', { generals: 3 });
  await stack.mongo.kill();
  const opening = openTestSystem(stack, { DATABASE_SELECTION_TIMEOUT_MS: '200' });
  opening.catch(() => undefined);
  // Long enough for its first connection to have failed.
  await early.clock.sleep(1_000);
  await stack.mongo.restart();
  await using late = await opening;
  expect(late.database.name).toBe(early.database.name);
  expect(await readFresh(late.collections.entities.session, 'w')).toMatchObject({ _id: 'w' });
}, 30_000);
