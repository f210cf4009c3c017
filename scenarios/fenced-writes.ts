/**
 * Which changes of the database are writes made under a lock, with the fencing token of each. A turn stamps its token on what it writes; a
 * transaction under a lock counts its use in the lock's own row of `fences`, beside the token that is valid then.
 */
import { z } from 'zod';
import type { DocumentChange, FencedWriteFollower } from '../chaos/api/index.ts';

/** What is followed of a document. */
const stateSchema = z.object({
  session_id: z.string().optional(),
  turn_fence: z.number().optional(),
  last_turn: z.number().optional(),
  turn: z.number().optional(),
  turn_started: z.unknown().optional(),
  token: z.number().optional(),
  uses: z.number().optional(),
});
type State = z.infer<typeof stateSchema>;

export const followFencedWrites: FencedWriteFollower = {
  collections: ['cities', 'fences', 'generals', 'nations', 'sessions'],
  reader: () => {
    const states = new Map<string, State>();
    return (change) => read(change, states);
  },
};

/**
 * The write, if it was one under a lock. Keeps `states` up to date. The first change of a document only tells how it is: what it was
 * before is not known, so neither is whether a turn wrote it or a write that left the turn's fields alone.
 */
function read(change: DocumentChange, states: Map<string, State>): { lock: string; token: number } | null {
  const document = `${change.collection}/${change.id}`;
  const before = states.get(document);
  const fields = stateSchema.parse(change.fields);
  const after = change.whole ? fields : before && { ...before, ...fields };
  if (after === undefined) return null;
  states.set(document, after);
  if (before === undefined || sameState(before, after)) return null;
  if (change.collection === 'fences') {
    // Drawing a token writes nothing under the lock yet.
    if (after.token === undefined || after.uses === before.uses) return null;
    return { lock: change.id, token: after.token };
  }
  if (after.session_id === undefined || after.turn_fence === undefined) return null;
  return { lock: `session:lock:${after.session_id}:turn`, token: after.turn_fence };
}

/**
 * What a write under a lock changes; a change that leaves all of it as it was is none. A document that only got a newer token was closed to
 * the older holder: that is how an older holder is kept out, one document after the other, and no work of the new one yet.
 */
const workFields = ['last_turn', 'turn', 'turn_started', 'token', 'uses'] as const;

function sameState(before: State, after: State): boolean {
  return workFields.every(
    (field) => JSON.stringify(before[field] ?? null) === JSON.stringify(after[field] ?? null),
  );
}
