/** A turn-processor is killed while it works on a turn; its supervisor starts it again when the fault is healed. */
import { z } from 'zod';
import { defineFault, onlyOnce } from '../../chaos/api/index.ts';
import { pauseInTheMiddle } from './turn-in-progress.ts';

export const turnProcessorKilled = defineFault({
  name: 'turn-processor-killed',
  title: 'A turn-processor killed in the middle of a turn',
  needs: [],
  breaks: ['turn-processor'],
  // Without them no processor gets into the middle of a turn.
  proofNeeds: ['mongo', 'redis'],
  parameters: z.strictObject({ searchMs: z.int().positive() }),
  draw: () => ({ searchMs: 1_500 }),
  apply: async (context, { searchMs }) => {
    const victim = await pauseInTheMiddle(context, searchMs);
    await victim?.process.kill();
    return {
      effect: () =>
        Promise.resolve({
          observed: victim !== null,
          evidence:
            victim === null
              ? `no turn-processor was met in the middle of a turn within ${searchMs} ms`
              : `${victim.process.name} was killed while turn ${victim.turn} was unfinished`,
          measures: { turn: victim?.turn ?? 0 },
        }),
      heal: onlyOnce(async () => {
        if (victim !== null && !victim.process.running()) await victim.process.start();
      }),
    };
  },
});
