/** A turn-processor is killed while it works on a turn; its supervisor starts it again when the fault is healed. */
import { z } from 'zod';
import type { Observer } from '../observe/observer.ts';
import { defineFault, type FaultContext } from './fault.ts';

/** How often the database is asked whether a turn is under way. Much shorter than a turn. */
const pollMs = 2;
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
    const victim = await findWorker(context, searchMs);
    const killed = victim === null ? undefined : context.processes.find(victim.by);
    await killed?.kill();
    const left = victim === null ? null : await unfinishedTurn(context.observer, victim.by);
    return {
      effect: () =>
        Promise.resolve({
          observed: killed !== undefined && left !== null,
          evidence:
            victim === null
              ? `no turn-processor was seen at work on a turn within ${searchMs} ms`
              : left === null
                ? `${victim.by} had just finished turn ${victim.turn} when it was killed`
                : `${victim.by} was killed while turn ${left.turn} was unfinished`,
          measures: { turn: left?.turn ?? 0 },
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

/** The process at work on a turn, of those the harness may kill; null when none was seen in time. */
async function findWorker(
  { observer, processes, clock, signal }: FaultContext,
  searchMs: number,
): Promise<Worker | null> {
  const deadlineMs = clock.monotonicMs() + searchMs;
  while (clock.monotonicMs() < deadlineMs) {
    for (const { name } of processes.ofKind('turn-processor')) {
      const worker = await unfinishedTurn(observer, name);
      if (worker !== null) return worker;
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
