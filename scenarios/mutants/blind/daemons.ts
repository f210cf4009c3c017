/** Mistakes in the daemons: their loop, their signs of life, their end. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const daemonMutants: readonly Mutant[] = [
  {
    // With Redis down, daemons end with status 1 as soon as their circuit breaker is open.
    name: 'daemon-dies-with-missed-heartbeat',
    title: 'A heartbeat that Redis does not take is an unhandled rejection',
    edits: [
      {
        file: 'system/daemons/run-daemon.ts',
        find: `      .run(() => beat(system.redis, system.clock, name, system.config.INSTANCE_ID))
      .catch(() => undefined);`,
        replace: '      .run(() => beat(system.redis, system.clock, name, system.config.INSTANCE_ID));',
      },
    ],
    scenario: 'turns',
    fault: 'redis-down',
    breaks: ['processes'],
  },
  {
    // db-sync confirms saves up to DAEMON_TICK_MS later than it could: actions take hundreds of milliseconds, and
    // turns a multiple of their time.
    name: 'daemon-pauses-when-busy',
    title: 'A daemon pauses after every round, also when there is more to do',
    edits: [
      {
        file: 'system/daemons/run-daemon.ts',
        find: 'if (!more) await system.clock.sleep',
        replace: 'await system.clock.sleep',
      },
    ],
    scenario: 'writes',
    fault: 'none',
    breaks: [],
    notJudged: 'the time that a save takes is not judged',
  },
  {
    // GET /api/health lists one daemon of each name without an instance, does not miss a killed one while another
    // lives, and misses one that stopped cleanly.
    name: 'heartbeat-without-instance',
    title: 'All instances of a daemon share one heartbeat',
    edits: [
      {
        file: 'system/daemons/heartbeat.ts',
        find: '.zadd(heartbeatsKey, nowMs, `${name}/${instance}`)',
        replace: '.zadd(heartbeatsKey, nowMs, name)',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I20'],
  },
  {
    // When db-sync is stopped while MongoDB is away, the entries it had taken are never delivered to another
    // instance: they stay in the queue, and its length never returns to 0.
    name: 'leaving-worker-drops-its-saves',
    title: 'A db-sync that stops deletes its consumer together with the entries that it has not finished',
    edits: [
      {
        file: 'system/sync/sync-queue.ts',
        find: `    const pending = await this.#client.xpending(syncKeys.stream, syncKeys.group, '-', '+', 1, this.#consumer);
    if (pending.length === 0) {
      await this.#client.xgroup('DELCONSUMER', syncKeys.stream, syncKeys.group, this.#consumer);
    }`,
        replace:
          "    await this.#client.xgroup('DELCONSUMER', syncKeys.stream, syncKeys.group, this.#consumer);",
      },
    ],
    scenario: 'writes',
    fault: 'rolling-restart',
    breaks: [],
    notJudged: 'the saving process writes what db-sync left, so only the death of both at once shows it',
  },
  {
    // When db-sync and the saving process are killed together, the entries that were taken stay in the queue for
    // hours and are not applied.
    name: 'left-saves-taken-over-hours-later',
    title: 'The time after which unfinished entries are taken over is a thousand times too long',
    edits: [
      {
        file: 'system/sync/sync-queue.ts',
        find: `        this.#consumer,
        idleMs,`,
        replace: `        this.#consumer,
        idleMs * 1000,`,
      },
    ],
    scenario: 'writes',
    fault: 'db-sync-killed',
    breaks: [],
    notJudged: 'the saving process writes what db-sync left, so only the death of both at once shows it',
  },
  {
    // A processor whose clock is ahead runs turn after turn without a pause; one whose clock is behind runs none.
    name: 'turn-due-by-clock-of-process',
    title: 'Whether a turn is due is decided by the clock of the turn-processor',
    edits: [
      {
        file: 'system/daemons/turn-processor/main.ts',
        find: 'const nowMs = await system.turns.serverTimeMs();',
        replace: 'const nowMs = system.clock.nowMs();',
      },
    ],
    scenario: 'turns',
    fault: 'clock-jump',
    breaks: [],
    notJudged: 'not seen in this cell, although I19 judges the time between turns',
  },
];
