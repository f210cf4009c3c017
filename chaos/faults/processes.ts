/** Faults of the target's own processes: each role killed or paused, and all of them restarted in turn. */
import { z } from 'zod';
import { defineFault, type Fault, type FaultContext, onlyOnce, runningWithRole } from '../api/fault.ts';
import type { TargetProcess } from '../api/context.ts';

/** Which process of a role: drawn as a number and counted around, so that a plan does not depend on how many there are. */
const victim = z.int().nonnegative();

function victimOf(context: FaultContext, role: string, number: number): TargetProcess | undefined {
  const running = runningWithRole(context.processes, role);
  return running[number % running.length];
}

/** SIGKILL; the process stays away until the fault is healed, when it is started again as a supervisor would. */
function killed(role: string): Fault {
  return defineFault({
    name: `${role}-killed`,
    title: `A process of the role ${role} killed`,
    needs: [],
    breaks: [role],
    proofNeeds: [],
    parameters: z.strictObject({ victim }),
    draw: (random) => ({ victim: random.integer(0, 9) }),
    apply: async (context, { victim: number }) => {
      const { observer, clock, processes } = context;
      const running = runningWithRole(processes, role).length;
      const process = victimOf(context, role, number);
      const before = await Promise.all([observer.redisState(), observer.mongoState()]);
      const killedMs = clock.monotonicMs();
      await process?.kill();
      return {
        effect: async () => {
          const after = await Promise.all([observer.redisState(), observer.mongoState()]);
          const awayMs = clock.monotonicMs() - killedMs;
          const gone = process !== undefined && !process.running();
          return {
            observed: gone,
            evidence:
              process === undefined
                ? `no process of the role ${role} was running`
                : `${process.name}, one of ${running}, was ${gone ? 'away' : 'started again'} for ${awayMs.toFixed(0)} ms; Redis had ${before[0].clients} connections before and ${after[0].clients} then, MongoDB ${before[1].clients} and ${after[1].clients}`,
            measures: {
              processes: running,
              awayMs,
              redisConnectionsBefore: before[0].clients,
              redisConnectionsDuring: after[0].clients,
            },
          };
        },
        heal: onlyOnce(async () => {
          if (process !== undefined && !process.running()) await process.start();
        }),
      };
    },
  });
}

/** SIGSTOP, and SIGCONT when the fault is healed. */
function paused(role: string): Fault {
  return defineFault({
    name: `${role}-paused`,
    title: `A process of the role ${role} paused (SIGSTOP)`,
    needs: [],
    breaks: [role],
    proofNeeds: [],
    parameters: z.strictObject({ victim }),
    draw: (random) => ({ victim: random.integer(0, 9) }),
    apply: (context, { victim: number }) => {
      const { clock } = context;
      const process = victimOf(context, role, number);
      const serving = process !== undefined && process.url !== null;
      const pausedMs = clock.monotonicMs();
      process?.pause();
      return Promise.resolve({
        effect: () => {
          const forMs = clock.monotonicMs() - pausedMs;
          return Promise.resolve({
            observed: process?.running() === true,
            evidence:
              process === undefined
                ? `no process of the role ${role} was running`
                : `${process.name} did not run for ${forMs.toFixed(0)} ms`,
            measures: { pausedMs: forMs, serving: serving ? 1 : 0 },
          });
        },
        heal: onlyOnce(() => Promise.resolve(process?.resume())),
      });
    },
  });
}

/** Every process stopped (SIGTERM) and started again, one after the other, as a deployment does it. */
function rollingRestart(roles: readonly string[]): Fault {
  return defineFault({
    name: 'rolling-restart',
    title: 'Every process stopped and started again, one after the other',
    needs: [],
    breaks: roles,
    // A process that cannot reach its stores does not become ready.
    proofNeeds: ['mongo', 'redis'],
    parameters: z.strictObject({ pauseMs: z.int().nonnegative() }),
    draw: (random) => ({ pauseMs: random.integer(0, 150) }),
    apply: async ({ processes, clock, signal }, { pauseMs }) => {
      const startedMs = clock.monotonicMs();
      const running = processes.all.filter((process) => process.running());
      let restarted = 0;
      for (const process of running) {
        await process.stop();
        // Started again also when the run is being interrupted: healing leaves everything as it was.
        await process.start();
        restarted += 1;
        await clock.sleep(pauseMs, signal);
      }
      const tookMs = clock.monotonicMs() - startedMs;
      return {
        effect: () =>
          Promise.resolve({
            observed: restarted > 0 && restarted === running.length,
            evidence: `${restarted} of ${running.length} processes were stopped and started again within ${tookMs.toFixed(0)} ms`,
            measures: { processes: running.length, restarted, tookMs },
          }),
        heal: () => Promise.resolve(),
      };
    },
  });
}

/** All that can be done to the processes of these roles. */
export function processFaults(roles: readonly string[]): readonly Fault[] {
  return [...roles.map(killed), ...roles.map(paused), rollingRestart(roles)];
}
