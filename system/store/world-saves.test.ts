import { describe, expect, it } from 'vitest';
import { Cache } from '../cache/cache.ts';
import { cacheKeys } from '../cache/keys.ts';
import { L1 } from '../cache/l1.ts';
import { OwedDeletions } from '../cache/owed-deletions.ts';
import { SingleFlight } from '../cache/single-flight.ts';
import { entityCodec, listCodec } from '../cache/codec.ts';
import { Deadline } from '../deadline.ts';
import { createMetrics } from '../observability/metrics.ts';
import { seededRandom } from '../random.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { sampleGeneral } from '../testing/sample-entities.ts';
import { type General, generalKind } from '../models/general.ts';
import { WorldSaves } from './world-saves.ts';

const l1TtlMs = 3_000;
const key = cacheKeys.generalByNo('s1', 7);

/** Saves that become durable at once and are answered `answeredAfterMs` later, in a process without Redis. */
function scene(answeredAfterMs: number) {
  const clock = new ManualClock();
  const random = seededRandom('saves');
  const database = { general: sampleGeneral() };
  const l2 = { usable: false } as unknown as ConstructorParameters<typeof Cache>[0]['l2'];
  const cache = new Cache({
    clock,
    l1: new L1({ clock, ttlMs: l1TtlMs, maxEntries: 10 }),
    l2,
    flights: new SingleFlight(),
    owed: new OwedDeletions(),
    metrics: createMetrics().cache,
    ttlSeconds: 360,
  });
  const codec = entityCodec(generalKind);
  const general = { kind: generalKind, codec, listCodec: listCodec(generalKind) };
  const saver = {
    save: async (carriers: readonly { readonly document: General }[]) => {
      for (const { document } of carriers) database.general = document;
      await clock.sleep(answeredAfterMs);
      return carriers.map((carrier) => ({ ...carrier, verdict: 'applied' }));
    },
  };
  const saves = new WorldSaves({
    saver,
    cache,
    collections: { entities: { general } },
    clock,
    random,
    maxUnconfirmed: 10,
  } as unknown as ConstructorParameters<typeof WorldSaves>[0]);
  const save = async (gold: number) => {
    const before = database.general;
    using deadline = new Deadline(clock, 60_000);
    const saving = saves.saveGeneral({ before, after: { ...before, gold } }, { deadline });
    await clock.advance(answeredAfterMs);
    return await saving;
  };
  const read = () => cache.getOrLoad(key, codec, () => Promise.resolve(database.general));
  return { clock, database, save, read };
}

describe('a saved value in memory', () => {
  it('is served to the process that saved it', async () => {
    const { save, read } = scene(100);
    const saved = await save(500);
    expect(await read()).toBe(saved);
  });

  it('counts its age from its commit, however late the answer comes', async () => {
    const { clock, database, save, read } = scene(2_500);
    await save(500);
    expect((await read())?.gold).toBe(500);
    // Another process changed it right after the commit. Its change may be hidden for the TTL of L1, and no longer.
    database.general = { ...database.general, gold: 600, version: 3, write_id: 'theirs' };
    await clock.advance(l1TtlMs - 2_500);
    expect((await read())?.gold).toBe(600);
  });

  it('is not kept at all when the answer comes later than that', async () => {
    const { database, save, read } = scene(l1TtlMs + 1);
    await save(500);
    database.general = { ...database.general, gold: 600, version: 3, write_id: 'theirs' };
    expect((await read())?.gold).toBe(600);
  });
});
