/** One document that no release can read: it must stop what depends on it, and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deadline } from '../deadline.ts';
import { lockKeys } from '../lock/keys.ts';
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';
import { eventually } from '../testing/eventually.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { processTurn } from './process-turn.ts';

let stack: TestStack;
let system: System;

beforeAll(async () => {
  stack = await startTestStack();
  system = await openTestSystem(stack);
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const generals = () => system.collections.entities.general.documents;

async function setGold(id: string, gold: unknown): Promise<void> {
  await generals().updateOne({ _id: id }, { $set: { gold } } as object);
}

const versionOf = async (id: string) => (await generals().findOne({ _id: id }))?.version;
const turnOf = async (id: string) => (await readFresh(system.collections.entities.session, id))?.turn;

describe('a turn of a session with a damaged document', () => {
  it('reaches every other entity, names the document, and ends once that is repaired', async () => {
    await plantTestWorld(system, 'damaged', { generals: 9, cities: 4, nations: 2 });
    await setGold('damaged:g4', 'much');
    const turn = async () => {
      using deadline = new Deadline(system.clock, 15_000);
      return await processTurn(system.turns, 'damaged', 1, deadline);
    };
    await expect(turn()).rejects.toMatchObject({
      code: 'turn_incomplete',
      cause: { code: 'document_damaged', message: expect.stringContaining('damaged:g4') },
    });
    const { city, nation } = system.collections.entities;
    for (const { documents } of [city, nation]) {
      expect(await documents.countDocuments({ session_id: 'damaged', last_turn: 0 })).toBe(0);
    }
    expect(await generals().countDocuments({ session_id: 'damaged', last_turn: 1 })).toBe(8);
    const version = await versionOf('damaged:g1');
    // Rows that make every process scan all keys of Redis.
    const patterns = () => system.collections.journal.countDocuments({ 'prefixes.0': { $exists: true } });
    const rows = await patterns();
    await expect(turn()).rejects.toMatchObject({ code: 'turn_incomplete' });
    // Nothing was under way any more, so there was no older processor to shut out.
    expect(await versionOf('damaged:g1')).toBe(version);
    expect(await patterns()).toBe(rows);
    await setGold('damaged:g4', 5);
    expect(await turn()).toEqual({ outcome: 'applied', currentTurn: 1 });
    expect(await generals().countDocuments({ session_id: 'damaged', turns_lived: 1, last_turn: 1 })).toBe(9);
  });

  it('is tried less and less often by the processors, while the other sessions go on', async () => {
    await plantTestWorld(system, 'bad', { generals: 5, turnPeriodMs: 100 });
    await plantTestWorld(system, 'good', { generals: 5, turnPeriodMs: 100 });
    await setGold('bad:g2', 'much');
    await using _sync = await startProcess(stack, 'db-sync');
    await using processor = await startProcess(stack, 'turn-processor', { DAEMON_TICK_MS: '20' });
    await eventually('the other session goes on', async () => ((await turnOf('good')) ?? 0) >= 20, 60_000);
    const drawn = await system.collections.fences.findOne({ _id: lockKeys.turn('bad') });
    expect(drawn?.token).toBeGreaterThan(0);
    const failures = processor.lines.filter((line) => line['id'] === 'bad' && line['error'] !== undefined);
    expect(failures.length).toBeGreaterThan(0);
    // The pause doubles from 20 ms on: so many tries take longer than this test waits.
    expect(failures.length).toBeLessThan(14);
    expect(String(failures[0]?.['error'])).toContain('bad:g2');
    expect(await turnOf('bad')).toBe(0);
    await setGold('bad:g2', 5);
    await eventually('it goes on once it is repaired', async () => ((await turnOf('bad')) ?? 0) >= 1, 60_000);
  }, 150_000);
});
