/**
 * Brings the turn to every entity of one kind, chunk by chunk through the write-behind. What the database says still needs
 * the turn is the only list of work: an entity that was changed meanwhile, or was left by a killed processor, is simply
 * found again.
 */
import type { Clock } from '../clock.ts';
import type { EntityCollection } from '../database/collections.ts';
import type { Filter } from '../database/driver.ts';
import { isOutage } from '../database/outage.ts';
import type { Deadline } from '../deadline.ts';
import { isDamaged, SystemError } from '../errors.ts';
import type { Entity } from '../models/entity-kind.ts';
import type { WorldSaves } from '../store/world-saves.ts';
import { needsTurnFilter } from './turn-guard.ts';

interface TurnTaker extends Entity {
  readonly last_turn: number;
}

export interface TurnWork {
  readonly sessionId: string;
  readonly turn: number;
  readonly token: number;
  readonly deadline: Deadline;
}

export interface AdvanceParts {
  readonly saves: WorldSaves;
  readonly clock: Clock;
  readonly chunkSize: number;
  /** Chunks that are on their way to the database at once. */
  readonly chunksAtOnce: number;
  readonly confirmTimeoutMs: number;
  /** Told of each document that cannot be read. It is passed over, so that the others have their turn. */
  readonly onDamaged: (error: SystemError) => void;
}

/**
 * Resolves when no readable entity of the kind needs the turn any more, as the database says after everything was durable.
 * Throws `fenced` when a newer processor has taken over, `deadline_exceeded` when the time is up.
 */
export async function advanceEntities<T extends TurnTaker>(
  parts: AdvanceParts,
  collection: EntityCollection<T>,
  advance: (entity: T, turn: number) => T,
  work: TurnWork,
): Promise<void> {
  const filter = needsTurnFilter(work.sessionId, work.turn) as Filter<T>;
  for (let pass = 0; ; pass += 1) {
    work.deadline.check();
    const advanced = await onePass(parts, collection, advance, work, filter);
    if (advanced.met === 0 && !advanced.interrupted) return;
    // Others keep changing the same few entities; give them a moment.
    if (advanced.applied === 0) await parts.clock.sleep(Math.min(5 * 2 ** pass, 200), work.deadline.signal);
  }
}

interface PassResult {
  /** Entities found that needed the turn. */
  met: number;
  applied: number;
  /** MongoDB was away for a moment, so what was met is not all there is. */
  interrupted: boolean;
}

async function onePass<T extends TurnTaker>(
  parts: AdvanceParts,
  collection: EntityCollection<T>,
  advance: (entity: T, turn: number) => T,
  work: TurnWork,
  filter: Filter<T>,
): Promise<PassResult> {
  const result: PassResult = { met: 0, applied: 0, interrupted: false };
  const cursor = collection.documents.find(filter, { batchSize: parts.chunkSize });
  const running = new Set<Promise<void>>();
  try {
    let chunk: T[] = [];
    const start = async () => {
      const saving = saveChunk(parts, collection, chunk, advance, work, result);
      chunk = [];
      const tracked = saving.finally(() => running.delete(tracked));
      running.add(tracked);
      // A failure is met by the wait below; it must not count as unhandled until then.
      tracked.catch(() => undefined);
      if (running.size >= parts.chunksAtOnce) await Promise.race(running);
    };
    for await (const document of cursor) {
      work.deadline.check();
      const entity = parseOrReport(parts, collection, document);
      if (entity === undefined) continue;
      chunk.push(entity);
      if (chunk.length >= parts.chunkSize) await start();
    }
    if (chunk.length > 0) await start();
    await Promise.all(running);
  } catch (error) {
    // Giving up would cost the next processor a take-over; what is left is found again in the next pass.
    if (!isOutage(error)) throw error;
    result.interrupted = true;
  } finally {
    await Promise.allSettled(running);
    await cursor.close().catch(() => undefined);
  }
  return result;
}

function parseOrReport<T extends TurnTaker>(
  parts: AdvanceParts,
  collection: EntityCollection<T>,
  document: unknown,
): T | undefined {
  try {
    return collection.parse(document);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    parts.onDamaged(error);
    return undefined;
  }
}

async function saveChunk<T extends TurnTaker>(
  parts: AdvanceParts,
  collection: EntityCollection<T>,
  chunk: readonly T[],
  advance: (entity: T, turn: number) => T,
  work: TurnWork,
  result: PassResult,
): Promise<void> {
  result.met += chunk.length;
  const changes = chunk.map((before) => ({ before, after: advance(before, work.turn) }));
  const verdicts = await parts.saves.saveAll(collection, changes, {
    deadline: work.deadline,
    fence: work.token,
    confirmTimeoutMs: parts.confirmTimeoutMs,
  });
  for (const verdict of verdicts) {
    if (verdict === 'fenced') throw new SystemError('fenced', `turn ${work.turn} was taken over`);
    if (verdict === 'failed') throw new SystemError('internal', 'MongoDB refused a document of the turn');
    if (verdict === 'applied') result.applied += 1;
  }
}
