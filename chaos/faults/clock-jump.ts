/** The wall clock of one daemon jumps, forwards or backwards, and jumps back when the fault is healed. */
import { z } from 'zod';
import type { SystemProcesses } from '../experiment/system-under-test.ts';
import { heartbeatsKey } from '../../system/cache/keys.ts';
import { defineFault, type FaultContext, onlyOnce } from './fault.ts';
import { runningOf, victimSchema } from './victim.ts';

const pollMs = 50;
/** Daemons beat once a second, and a busy machine lets them wait. */
const heartbeatLimitMs = 3_000;
/** A heartbeat is up to this old when it is looked at, so that a shorter jump could not be told from it. */
const heartbeatAgeMs = 2_500;
const jumpMinimumMs = heartbeatAgeMs * 2;
const jumpMaximumMs = 30_000;

export const clockJump = defineFault({
  name: 'clock-jump',
  title: 'The clock of a daemon jumps',
  needs: [],
  breaks: ['db-sync', 'turn-processor'],
  // Without MongoDB it would not get ready again, and without Redis there are no heartbeats.
  proofNeeds: ['mongo', 'redis'],
  parameters: z.strictObject({
    offsetMs: z.int().refine((offsetMs) => Math.abs(offsetMs) >= jumpMinimumMs, {
      message: `must be ${jumpMinimumMs} ms at least, forwards or backwards`,
    }),
    victim: victimSchema,
  }),
  draw: (random) => ({
    offsetMs: random.pick([-1, 1]) * random.integer(jumpMinimumMs, jumpMaximumMs),
    victim: random.integer(0, 9),
  }),
  apply: async (context, { offsetMs, victim }) => {
    const daemons = daemonsOf(context.processes);
    const jumping = daemons[victim % daemons.length];
    const hook = new URL('./shifted-clock.ts', import.meta.url);
    hook.searchParams.set('offsetMs', String(offsetMs));
    // The clock of a process that runs can not be reached from outside: it is started again with one that can.
    await jumping?.stop();
    await jumping?.start(['--import', hook.href]);
    jumping?.signal('SIGUSR2');
    return {
      effect: async () => {
        if (jumping === undefined) {
          return { observed: false, evidence: 'no daemon was running', measures: { offsetMs } };
        }
        const seenMs = await shiftSeenInHeartbeats(context, `${jumping.kind}/${jumping.name}`, offsetMs);
        const observed = seenMs !== null && isThatJump(seenMs, offsetMs);
        return {
          observed,
          evidence:
            seenMs === null
              ? `${jumping.name} sent no heartbeat`
              : `the heartbeats of ${jumping.name} were ${seenMs.toFixed(0)} ms off, of a jump by ${offsetMs} ms`,
          measures: { offsetMs, seenMs: seenMs ?? 0 },
        };
      },
      heal: onlyOnce(() => Promise.resolve(jumping?.signal('SIGHUP'))),
    };
  },
});

/** Turn-processors, whose work goes by the clock, before the others. */
function daemonsOf(processes: SystemProcesses) {
  const turnProcessors = runningOf(processes, 'turn-processor');
  return turnProcessors.length > 0 ? turnProcessors : runningOf(processes, 'db-sync');
}

/** Milliseconds by which the daemon's last heartbeat differs from now; waits a while for one that shows the jump. */
async function shiftSeenInHeartbeats(
  { observer, clock, signal }: FaultContext,
  member: string,
  offsetMs: number,
): Promise<number | null> {
  const deadlineMs = clock.monotonicMs() + heartbeatLimitMs;
  for (;;) {
    const score = await observer.redis.zscore(heartbeatsKey, member);
    const seenMs = score === null ? null : Number(score) - clock.nowMs();
    const shown = seenMs !== null && isThatJump(seenMs, offsetMs);
    if (shown || clock.monotonicMs() > deadlineMs) return seenMs;
    await clock.sleep(pollMs, signal);
  }
}

function isThatJump(seenMs: number, offsetMs: number): boolean {
  return seenMs <= offsetMs && seenMs >= offsetMs - heartbeatAgeMs;
}
