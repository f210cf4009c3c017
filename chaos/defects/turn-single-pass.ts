/** Stands in for `system/turns/advance-entities.ts`: one pass, and whatever was changed by somebody else meanwhile goes without its turn. */
import type { EntityCollection } from '../../system/database/collections.ts';
import type { Filter } from '../../system/database/driver.ts';
import type { Entity } from '../../system/models/entity-kind.ts';
import type { AdvanceParts, TurnWork } from '../../system/turns/advance-entities.ts';
import { needsTurnFilter } from '../../system/turns/turn-guard.ts';

export type { AdvanceParts, TurnWork } from '../../system/turns/advance-entities.ts';

export async function advanceEntities<T extends Entity>(
  parts: AdvanceParts,
  collection: EntityCollection<T>,
  advance: (entity: T, turn: number) => T,
  work: TurnWork,
): Promise<void> {
  const filter = needsTurnFilter(work.sessionId, work.turn) as Filter<T>;
  const documents = await collection.documents.find(filter).toArray();
  const entities = documents.map((document) => collection.parse(document));
  await parts.saves.saveAll(
    collection,
    entities.map((before) => ({ before, after: advance(before, work.turn) })),
    { deadline: work.deadline, fence: work.token, confirmTimeoutMs: parts.confirmTimeoutMs },
  );
}
