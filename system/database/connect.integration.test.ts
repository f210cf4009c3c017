import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';

let stack: TestStack;

/** Connections to MongoDB as the process itself tells them. */
async function connectionsOf({ metrics }: System): Promise<{ open: number; inUse: number }> {
  const text = await metrics.registry.metrics();
  const value = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return {
    open: value('opensam_mongodb_connections_open'),
    inUse: value('opensam_mongodb_connections_in_use'),
  };
}

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
  expect((await connectionsOf(late)).open).toBeGreaterThanOrEqual(1);
}, 30_000);

it('a process tells how many of its connections are in use, also after it lost them', async () => {
  await using system = await openTestSystem(stack, { DATABASE_NETWORK_TIMEOUT_MS: '1000' });
  const { session } = system.collections.entities;
  const ask = () => Promise.allSettled(Array.from({ length: 3 }, () => readFresh(session, 'counted')));
  // The process also polls the journal.
  const quiet = async () => (await connectionsOf(system)).inUse === 0;
  await ask();
  await eventually('nothing is asked', quiet);
  stack.mongo.pause();
  const asked = ask();
  await eventually('three wait for an answer', async () => (await connectionsOf(system)).inUse >= 3);
  expect((await connectionsOf(system)).open).toBeGreaterThanOrEqual(3);
  stack.mongo.resume();
  await asked;
  await eventually('nothing is asked', quiet);
  await stack.mongo.restart();
  await ask();
  await eventually('nothing is asked', quiet);
  const { open } = await connectionsOf(system);
  expect(open).toBeGreaterThanOrEqual(1);
  expect(open).toBeLessThanOrEqual(system.config.DATABASE_POOL_SIZE);
}, 30_000);
