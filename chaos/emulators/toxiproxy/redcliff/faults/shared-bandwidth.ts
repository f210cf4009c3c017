/** One line for all connections of a proxy: together they get no more than its rate, where the original's toxic gives it to each of them. */
import { z } from 'zod';
import type { Clock } from '../../../../clock.ts';
import { defineToxic, type Chunk } from '../../toxics/toxic.ts';
import { defineFault, runToxicFault } from './fault.ts';

/** A connection takes the line for this long at most before another one gets it. */
const PORTION_MS = 20;

export const sharedBandwidth = defineFault({
  kind: 'shared-bandwidth',
  schema: z.strictObject({
    /** kB/s (1000 bytes) of all connections together. */
    rate: z.int().min(1).max(10_000_000),
    stream: z.enum(['upstream', 'downstream']).default('downstream'),
  }),
  start: ({ rate, stream }, context) =>
    runToxicFault(
      {
        kind: lineOf(rate, context.clock),
        direction: stream,
        stream,
        toxicity: 1,
        attributes: new Map<string, number>(),
        onlyConnections: { first: 0, last: Number.POSITIVE_INFINITY },
      },
      context,
    ),
});

/** A toxic whose stages on all connections share one line, in the order in which they ask for it. */
function lineOf(bytesPerMs: number, clock: Clock) {
  let freeAtMs = 0;
  /** When a portion that is asked for now has passed the line. */
  const passedAtMs = (bytes: number): number => {
    freeAtMs = Math.max(freeAtMs, clock.monotonicMs()) + bytes / bytesPerMs;
    return freeAtMs;
  };
  const portionBytes = Math.max(1, Math.floor(bytesPerMs * PORTION_MS));
  return defineToxic({
    type: 'shared_bandwidth',
    attributes: {},
    attach: (stage) => () => {
      let held: Chunk | undefined;
      const sendHeld = (): void => {
        if (held === undefined) {
          stage.next();
          return;
        }
        const { data, receivedAtMs } = held;
        const portion = data.subarray(0, portionBytes);
        const rest = data.subarray(portion.length);
        stage.timer(passedAtMs(portion.length) - clock.monotonicMs(), () => {
          held = rest.length > 0 ? { data: rest, receivedAtMs } : undefined;
          stage.emit({ data: portion, receivedAtMs });
          sendHeld();
        });
      };
      return {
        chunk: (chunk) => {
          stage.affected('bytesDelayed', chunk.data.length);
          held = chunk;
          sendHeld();
        },
        end: () => stage.close(),
        interrupt: () => {
          if (held !== undefined) stage.emit(held);
          held = undefined;
        },
      };
    },
  });
}
