/** What must hold of the turns of a world at rest: each took effect once on every entity, and their log has no gap. */
import { readFresh } from '../store/world-reads.ts';
import type { System } from '../system.ts';

/** Every broken rule in words, empty when all is well, and the turns there were. */
export async function auditTurns(
  system: System,
  sessionId: string,
): Promise<{ readonly turns: number; readonly broken: readonly string[] }> {
  const { city, general, nation, session } = system.collections.entities;
  const current = await readFresh(session, sessionId);
  if (current === null) return { turns: 0, broken: [`there is no session ${sessionId}`] };
  const { turn: turns, turn_started } = current;
  const broken: string[] = [];
  if (turn_started !== null) broken.push(`turn ${turn_started.turn} was left unfinished`);
  for (const collection of [city, general, nation]) {
    const wrong = await collection.documents
      .find({
        session_id: sessionId,
        $or: [{ turns_lived: { $ne: turns } }, { last_turn: { $ne: turns } }],
      })
      .toArray();
    for (const { _id, turns_lived, last_turn } of wrong) {
      broken.push(`${_id} lived ${turns_lived} turns and is in turn ${last_turn}, not ${turns}`);
    }
  }
  const log = await system.collections.turnLog.find({ session_id: sessionId }).sort({ turn: 1 }).toArray();
  const logged = log.map((entry) => entry.turn);
  const wanted = Array.from({ length: turns }, (_, index) => index + 1);
  if (String(logged) !== String(wanted)) broken.push(`the log has turns ${logged}, not 1 to ${turns}`);
  return { turns, broken };
}
