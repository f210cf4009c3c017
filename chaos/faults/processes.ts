/** Faults of the target's own processes: each role killed or paused, all of them restarted in turn, and a clock that jumps. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defineFault, type Fault, type FaultContext, onlyOnce, runningWithRole } from '../api/fault.ts';
import type { TargetProcess } from '../api/context.ts';
import { until } from '../until.ts';
import { jumpLine } from './jump-line.ts';
import { ownModule } from '../setup/own-files.mjs';

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

/** A shorter jump could not be told from a process that is late. */
const jumpMinimumMs = 5_000;
const jumpMaximumMs = 30_000;
const jumpSeenWithinMs = 5_000;
const jumpPollMs = 20;

/**
 * The wall clock of one Node.js process jumps, forwards or backwards, and back when the fault is healed. The clock of a running process cannot be
 * reached from outside, so it is restarted with one that can (`jumping-clock.ts`).
 */
function clockJump(roles: readonly string[]): Fault {
  return defineFault({
    name: 'clock-jump',
    title: 'The clock of one process jumps (Node.js only)',
    needs: [],
    breaks: roles,
    proofNeeds: ['mongo', 'redis'],
    parameters: z.strictObject({
      offsetMs: z.int().refine((offsetMs) => Math.abs(offsetMs) >= jumpMinimumMs, {
        message: `must be at least ${jumpMinimumMs} ms, forwards or backwards`,
      }),
      victim,
    }),
    draw: (random) => ({
      offsetMs: random.pick([-1, 1]) * random.integer(jumpMinimumMs, jumpMaximumMs),
      victim: random.integer(0, 9),
    }),
    apply: async ({ processes, clock, signal }, { offsetMs, victim: number }) => {
      const running = roles.flatMap((role) => runningWithRole(processes, role));
      const process = running[number % running.length];
      const hook = ownModule('./jumping-clock', import.meta.url);
      hook.searchParams.set('offsetMs', String(offsetMs));
      let jumped = false;
      if (process !== undefined) {
        await process.stop();
        await process.start({ nodeOptions: [`--import=${hook.href}`] });
        process.signal('SIGUSR2');
        const said = async () => (await readFile(process.logFile, 'utf8')).includes(jumpLine(offsetMs));
        jumped = await until(said, { clock, limitMs: jumpSeenWithinMs, pollMs: jumpPollMs, signal });
      }
      return {
        effect: () =>
          Promise.resolve({
            observed: jumped,
            evidence:
              process === undefined
                ? 'no process whose clock could jump was running'
                : jumped
                  ? `${process.name} reported that its clock had jumped by ${offsetMs} ms`
                  : `${process.name} did not report within ${jumpSeenWithinMs} ms that its clock had jumped; only Node.js processes can`,
            measures: { offsetMs },
          }),
        heal: onlyOnce(() => {
          if (jumped) process?.signal('SIGHUP');
          return Promise.resolve();
        }),
      };
    },
  });
}

/**
 * All that can be done to the processes of these roles. Clocks jump in the daemons where there are some, for they work by the clock; `daemons` are
 * in the order of preference.
 */
export function processFaults(roles: readonly string[], daemons: readonly string[]): readonly Fault[] {
  return [
    ...roles.map(killed),
    ...roles.map(paused),
    rollingRestart(roles),
    clockJump(daemons.length > 0 ? daemons : roles),
  ];
}
