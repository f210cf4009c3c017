/** Finds a turn-processor in the middle of a turn, and stops it there. */
import type { Db } from 'mongodb';
import { z } from 'zod';
import { type FaultContext, runningWithRole, type TargetProcess } from '../../chaos/api/index.ts';

/** How often the database is asked whether a turn is under way. Much shorter than a turn. */
const pollMs = 2;
/** Longer than a write that was on its way needs to arrive, and far shorter than the TTL of a lock. */
const settleMs = 60;

export interface Worker {
  /** Paused. */
  readonly process: TargetProcess;
  readonly sessionId: string;
  readonly turn: number;
}

/**
 * A turn-processor at work on a turn, paused there; null when none was met in time. It is looked at once more while it is paused,
 * since what it had sent before may have finished the turn: then it goes on, and the search does too. So it does for one that `fits` does not take: a
 * process that was started again has the name of the one that left the turn unfinished.
 */
export async function pauseInTheMiddle(
  context: FaultContext,
  searchMs: number,
  fits: (worker: Worker) => Promise<boolean> = () => Promise.resolve(true),
): Promise<Worker | null> {
  const { observer, processes, clock, signal } = context;
  const deadlineMs = clock.monotonicMs() + searchMs;
  while (clock.monotonicMs() < deadlineMs) {
    const candidates = runningWithRole(processes, 'turn-processor');
    const names = candidates.map(({ name }) => name);
    // One question for all of them: a turn may be over before each was asked for.
    for (const { by } of await unfinishedTurns(observer.database, names)) {
      const candidate = candidates.find(({ name }) => name === by);
      if (candidate === undefined) continue;
      candidate.pause();
      try {
        await clock.sleep(settleMs, signal);
        const [still] = await unfinishedTurns(observer.database, [by]);
        const worker = still === undefined ? null : { ...still, process: candidate };
        if (worker !== null && (await fits(worker))) return worker;
      } catch (error) {
        candidate.resume();
        throw error;
      }
      candidate.resume();
    }
    await clock.sleep(pollMs, signal);
  }
  return null;
}

/** Whether the database still says that this process works on this turn. */
export async function isInTheMiddle(database: Db, worker: Worker): Promise<boolean> {
  const unfinished = await unfinishedTurns(database, [worker.process.name]);
  return unfinished.some(({ sessionId, turn }) => sessionId === worker.sessionId && turn === worker.turn);
}

const startedSchema = z.object({
  _id: z.string(),
  turn: z.number(),
  turn_started: z.object({ turn: z.number(), by: z.string() }).nullish(),
});

interface UnfinishedTurn {
  readonly by: string;
  readonly sessionId: string;
  readonly turn: number;
}

/** Turns that processes of these names have begun and not ended. */
async function unfinishedTurns(database: Db, names: readonly string[]): Promise<UnfinishedTurn[]> {
  const documents = await database
    .collection('sessions')
    .find({ 'turn_started.by': { $in: names } }, { projection: { turn: 1, turn_started: 1 } })
    .toArray();
  return documents.flatMap((document) => {
    const { _id: sessionId, turn, turn_started: started } = startedSchema.parse(document);
    if (!started || started.turn <= turn) return [];
    return [{ by: started.by, sessionId, turn: started.turn }];
  });
}
