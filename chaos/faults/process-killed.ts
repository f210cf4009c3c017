/** A process of the system is killed (SIGKILL) and stays away until its supervisor starts it again, when the fault is healed. */
import { z } from 'zod';
import type { ProcessKind } from '../experiment/system-under-test.ts';
import { defineFault, type Fault, onlyOnce } from './fault.ts';
import { runningOf, victimSchema } from './victim.ts';

export function processKilled(kind: ProcessKind, title: string): Fault {
  return defineFault({
    name: `${kind}-killed`,
    title,
    needs: [],
    breaks: [kind],
    proofNeeds: [],
    parameters: z.strictObject({ victim: victimSchema }),
    draw: (random) => ({ victim: random.integer(0, 9) }),
    apply: async ({ processes, observer, clock }, { victim }) => {
      const running = runningOf(processes, kind);
      const killed = running[victim % running.length];
      const before = await Promise.all([observer.redisState(), observer.mongoState()]);
      const killedMs = clock.monotonicMs();
      await killed?.kill();
      return {
        effect: async () => {
          const after = await Promise.all([observer.redisState(), observer.mongoState()]);
          const awayMs = clock.monotonicMs() - killedMs;
          const gone = killed !== undefined && !killed.running();
          return {
            observed: gone,
            evidence:
              killed === undefined
                ? `no process of the kind ${kind} was running`
                : `${killed.name}, one of ${running.length}, was ${gone ? 'away' : 'started again'} for ${awayMs.toFixed(0)} ms; Redis had ${before[0].clients} connections before and ${after[0].clients} then, MongoDB ${before[1].clients} and ${after[1].clients}`,
            measures: {
              processes: running.length,
              awayMs,
              redisConnectionsBefore: before[0].clients,
              redisConnectionsDuring: after[0].clients,
            },
          };
        },
        heal: onlyOnce(async () => {
          if (killed !== undefined && !killed.running()) await killed.start();
        }),
      };
    },
  });
}
