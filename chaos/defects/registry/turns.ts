/** Defects planted in the turns. */
import type { Defect } from '../defect.ts';

export const turnDefects: readonly Defect[] = [
  {
    name: 'session-written-back-whole',
    title: 'The session is written back as it was read at the beginning of the turn',
    replaces: 'turns/complete-turn.ts',
    scenario: 'turns',
    outage: 'turn-processor-paused',
    breaks: ['I12', 'I2'],
    // The processor must not give its turn up by itself when it goes on; and several turns must have been processed meanwhile, so that
    // clients, few enough to know the present turn, ask for those that it takes back. Whoever is in the middle of a turn when it goes on
    // writes the session back in his turn, so turns are short and far between.
    variant: {
      durationMs: 9_000,
      ratePerSecond: 60,
      maxVus: 12,
      world: { sessions: 1, generals: 20, cities: 4 },
      processes: { turnProcessor: 3 },
      settings: { TURN_PERIOD_MS: '1000', TURN_DEADLINE_MS: '20000', SYNC_CONFIRM_TIMEOUT_MS: '8000' },
      window: { applyAtMs: 1_000, healAtMs: 6_500 },
      parameters: { searchMs: 3_000 },
    },
  },
  {
    name: 'turn-begun-means-done',
    title: 'A turn that a killed processor had begun is taken for done',
    replaces: 'turns/process-turn.ts',
    scenario: 'turns',
    outage: 'turn-processor-killed',
    breaks: ['I1'],
    // Long turns of small steps, so that the killed processor has not reached everything.
    variant: { world: { generals: 200 }, settings: { TURN_CHUNK_SIZE: '10' } },
  },
  {
    name: 'turn-effects-not-awaited',
    title: 'A turn is done before anybody knows what became of its effects',
    replaces: 'turns/advance-entities.ts',
    scenario: 'turns',
    outage: 'redis-slow',
    breaks: ['I1'],
  },
  {
    name: 'turn-judged-before-lock',
    title: 'Whether a turn is due is asked before the lock is had, and not again',
    replaces: 'turns/process-turn.ts',
    scenario: 'turns',
    outage: 'none',
    breaks: ['I2'],
    // Few clients who ask often: each knows the present turn, and asks for the next one while it is being processed.
    variant: { ratePerSecond: 80, maxVus: 12 },
  },
  {
    name: 'turn-number-first',
    title: 'The turn’s number is written first and its effects after it',
    replaces: 'turns/process-turn.ts',
    scenario: 'turns',
    outage: 'mongo-down',
    breaks: ['I1'],
    // Long turns, one after the other, so that MongoDB goes in the middle of one, and for longer than a turn may take.
    variant: {
      durationMs: 6_000,
      world: { generals: 200 },
      settings: { TURN_PERIOD_MS: '100', TURN_CHUNK_SIZE: '4' },
      window: { applyAtMs: 1_500, healAtMs: 4_000 },
    },
  },
  {
    name: 'turn-single-pass',
    title: 'What is changed by a player during a turn goes without it',
    replaces: 'turns/advance-entities.ts',
    scenario: 'turns',
    outage: 'redis-slow',
    breaks: ['I1'],
  },
  {
    name: 'turn-time-budget',
    title: 'What is not reached in time goes without its turn, and the turn counts all the same',
    replaces: 'turns/advance-entities.ts',
    scenario: 'turns',
    outage: 'redis-slow',
    breaks: ['I1'],
  },
  {
    name: 'turn-without-guard',
    title: 'A turn advances whatever it meets, also what had the turn already',
    replaces: 'turns/advance-entities.ts',
    scenario: 'turns',
    outage: 'turn-processor-killed',
    breaks: ['I1'],
    // Small steps, so that the killed processor has done some of them.
    variant: { settings: { TURN_CHUNK_SIZE: '10' } },
  },
];
