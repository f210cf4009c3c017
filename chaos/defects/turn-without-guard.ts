/**
 * Stands in for `system/turns/advance-entities.ts`: effects first, the turn's number last, and no guard in the entities. Whoever
 * completes the turn of a killed processor lets it take effect twice on what that one had already done.
 */
import type { AdvanceParts, TurnWork } from '../../system/turns/advance-entities.ts';
import type { EntityCollection } from '../../system/database/collections.ts';
import type { Filter } from '../../system/database/driver.ts';
import type { Entity } from '../../system/models/entity-kind.ts';

export async function advanceEntities<T extends Entity>(
  parts: AdvanceParts,
  collection: EntityCollection<T>,
  advance: (entity: T, turn: number) => T,
  work: TurnWork,
): Promise<void> {
  const all = { session_id: work.sessionId } as Filter<T>;
  let left = (await collection.documents.find(all).toArray()).map((document) => collection.parse(document));
  while (left.length > 0) {
    work.deadline.check();
    const chunk = left.slice(0, parts.chunkSize);
    const verdicts = await parts.saves.saveAll(
      collection,
      chunk.map((before) => ({ before, after: advance(before, work.turn) })),
      { deadline: work.deadline, fence: work.token, confirmTimeoutMs: parts.confirmTimeoutMs },
    );
    const overtaken = chunk.filter((_, index) => verdicts[index] === 'conflict').map(({ _id }) => _id);
    const again = await collection.documents.find({ _id: { $in: overtaken } } as Filter<T>).toArray();
    left = [...left.slice(parts.chunkSize), ...again.map((document) => collection.parse(document))];
  }
}
