/**
 * A turn-processor is stopped (SIGSTOP) in the middle of a turn, for longer than its lock lives, and goes on afterwards as if
 * nothing had been: it still takes the lock for its own, and must not be able to apply anything.
 */
import { z } from 'zod';
import { defineFault, type FaultContext, onlyOnce, until } from '../../chaos/api/index.ts';
import { isInTheMiddle, pauseInTheMiddle, type Worker } from './turn-in-progress.ts';

const pollMs = 20;
/** Beyond the TTL: Redis frees a key a little late, and a busy machine later. */
const expiryGraceMs = 2_000;
/** Waited for another process to take the turn over. With none there, or none in time, the pause is just as long. */
const takeOverLimitMs = 1_500;

export const turnProcessorPaused = defineFault({
  name: 'turn-processor-paused',
  title: 'A turn-processor stopped past its lock’s TTL, in the middle of a turn',
  needs: [],
  breaks: ['turn-processor'],
  proofNeeds: ['mongo', 'redis'],
  parameters: z.strictObject({ searchMs: z.int().positive() }),
  draw: () => ({ searchMs: 1_500 }),
  apply: async (context, { searchMs }) => {
    const { observer, clock } = context;
    const lockOf = (sessionId: string): string => `session:lock:${sessionId}:turn`;
    const victim = await pauseInTheMiddle(
      context,
      searchMs,
      async ({ sessionId }) => (await observer.redis.exists(lockOf(sessionId))) === 1,
    );
    const pausedAtMs = clock.monotonicMs();
    const lock = lockOf(victim?.sessionId ?? '');
    const heal = onlyOnce(() => Promise.resolve(victim?.process.resume()));
    try {
      const token = victim === null ? null : await observer.redis.get(lock);
      const ttlMs = token === null ? 0 : await observer.redis.pttl(lock);
      const lost = token !== null && (await outlivesLock(context, lock, token, ttlMs));
      const takenOver = lost && victim !== null && (await isTakenOver(context, victim));
      return {
        effect: async () => {
          const now = token === null ? null : await observer.redis.get(lock);
          const pausedMs = clock.monotonicMs() - pausedAtMs;
          return {
            observed: lost && now !== token,
            evidence: describe(),
            measures: {
              turn: victim?.turn ?? 0,
              lockLeftMs: Math.max(0, ttlMs),
              pausedMs,
              takenOver: takenOver ? 1 : 0,
            },
          };

          function describe(): string {
            if (victim === null)
              return `no turn-processor was met in the middle of a turn, with its lock, within ${searchMs} ms`;
            const who = `${victim.process.name} was stopped in turn ${victim.turn} for ${pausedMs.toFixed(0)} ms`;
            if (token === null) return `${who}, but held no lock`;
            if (!lost || now === token) return `${who}, and its lock did not expire`;
            const since = takenOver
              ? 'another process took the turn over'
              : 'no process took the turn over so far';
            return `${who}; its lock had ${ttlMs} ms left, and ${since}`;
          }
        },
        heal,
      };
    } catch (error) {
      await heal();
      throw error;
    }
  },
});

/** Whether the lock expires, or goes to another holder, while its own is stopped. */
async function outlivesLock(
  { observer, clock, signal }: FaultContext,
  lock: string,
  token: string,
  ttlMs: number,
): Promise<boolean> {
  const isLost = async () => (await observer.redis.get(lock)) !== token;
  return await until(isLost, { clock, limitMs: ttlMs + expiryGraceMs, pollMs, signal });
}

/** Whether another process begins the same turn anew, or ends it. */
async function isTakenOver({ observer, clock, signal }: FaultContext, victim: Worker): Promise<boolean> {
  const isTaken = async () => !(await isInTheMiddle(observer.database, victim));
  return await until(isTaken, { clock, limitMs: takeOverLimitMs, pollMs, signal });
}
