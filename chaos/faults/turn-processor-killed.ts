/** A turn-processor is killed while it works on a turn; its supervisor starts it again when the fault is healed. */
import { z } from 'zod';
import type { Observer } from '../observe/observer.ts';
import { defineFault, type FaultContext } from './fault.ts';

/** How often the database is asked whether a turn is under way. Much shorter than a turn. */
const pollMs = 2;
/** Longer than a write that was on its way needs to arrive, and far shorter than the TTL of a lock. */
const settleMs = 60;
const startedSchema = z.object({
  turn: z.number(),
  turn_started: z.object({ turn: z.number(), by: z.string() }).nullish(),
});

export const turnProcessorKilled = defineFault({
  name: 'turn-processor-killed',
  title: 'A turn-processor killed in the middle of a turn',
  needs: [],
  parameters: z.strictObject({ searchMs: z.int().positive() }),
  draw: () => ({ searchMs: 1_500 }),
  apply: async (context, { searchMs }) => {
    const victim = await stopInTheMiddle(context, searchMs);
    const killed = victim === null ? undefined : context.processes.find(victim.by);
    await killed?.kill();
    return {
      effect: () =>
        Promise.resolve({
          observed: killed !== undefined,
          evidence:
            victim === null
              ? `no turn-processor was met in the middle of a turn within ${searchMs} ms`
              : `${victim.by} was killed while turn ${victim.turn} was unfinished`,
          measures: { turn: victim?.turn ?? 0 },
        }),
      heal: async () => {
        if (killed !== undefined && !killed.running()) await killed.start();
      },
    };
  },
});

interface Worker {
  readonly by: string;
  readonly turn: number;
}

/**
 * A turn-processor at work on a turn, paused there; null when none was met in time. It is looked at once more while it is paused,
 * since what it had sent before may have finished the turn: then it goes on, and the search does too.
 */
async function stopInTheMiddle(context: FaultContext, searchMs: number): Promise<Worker | null> {
  const { observer, processes, clock, signal } = context;
  const deadlineMs = clock.monotonicMs() + searchMs;
  while (clock.monotonicMs() < deadlineMs) {
    for (const candidate of processes.ofKind('turn-processor').filter((process) => process.running())) {
      const seen = await unfinishedTurn(observer, candidate.name);
      if (seen === null) continue;
      candidate.pause();
      await clock.sleep(settleMs, signal).catch((error: unknown) => {
        candidate.resume();
        throw error;
      });
      const still = await unfinishedTurn(observer, candidate.name);
      if (still !== null) return still;
      candidate.resume();
    }
    await clock.sleep(pollMs, signal);
  }
  return null;
}

async function unfinishedTurn(observer: Observer, by: string): Promise<Worker | null> {
  const documents = await observer.database
    .collection('sessions')
    .find({ 'turn_started.by': by }, { projection: { turn: 1, turn_started: 1 } })
    .toArray();
  for (const document of documents) {
    const session = startedSchema.parse(document);
    const started = session.turn_started;
    if (started && started.turn > session.turn) return { by, turn: started.turn };
  }
  return null;
}
