/** Mutants of the turns. */
import type { Mutant } from '../../chaos/api/index.ts';

export const turnMutants: readonly Mutant[] = [
  {
    // Every retry is a take-over: all entities stamped, a journal row that makes every process SCAN.
    name: 'damaged-turn-not-handed-back',
    title: 'A turn that waits for a repair keeps the mark of the processor that gave it up',
    edits: [
      {
        file: 'system/turns/process-turn.ts',
        find: 'await handBack(parts, begun.marked, work);',
        replace: 'await Promise.resolve();',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: [],
    notJudged: 'no fault damages a document',
  },
  {
    // Two turns in a row after every downtime.
    name: 'late-turn-followed-at-once',
    title: 'A turn that is a period late is followed by the next one at once',
    edits: [
      {
        file: 'system/turns/schedule.ts',
        find: 'nextMs > nowMs ? nextMs : nowMs + session.turn_period_ms',
        replace: 'Math.max(nextMs, nowMs)',
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-killed',
    breaks: [],
    notJudged: 'the time between turns is not judged',
  },
  {
    // Each tick of each processor draws a token, stamps every entity and writes a journal row that makes every
    // process SCAN; cities and nations of the session get no turn.
    name: 'poison-document-storm',
    title:
      'One damaged document ends the turn for everything, is tried again each tick, and each try shuts the one before out',
    edits: [
      {
        file: 'system/turns/advance-entities.ts',
        find: `    parts.onDamaged(error);
    return undefined;`,
        replace: '    throw error;',
      },
      {
        file: 'system/turns/process-turn.ts',
        find: 'await handBack(parts, begun.marked, work);',
        replace: 'await Promise.resolve();',
      },
      {
        file: 'system/daemons/process-due.ts',
        find: 'options.find(backOff.resting())',
        replace: 'options.find([])',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: [],
    notJudged: 'no fault damages a document',
  },
  {
    name: 'session-written-back-whole',
    title: 'The session is written back as it was read at the beginning of the turn',
    edits: [
      {
        file: 'system/turns/complete-turn.ts',
        find: "import { nextTurnAt } from './schedule.ts';",
        replace: `import { nextTurnAt } from './schedule.ts';
import { announce } from '../cache/journal.ts';
import { cacheKeys } from '../cache/keys.ts';`,
      },
      {
        file: 'system/turns/complete-turn.ts',
        find: `return await saveWhileMarked(parts, session, work, (before) => ({
    ...before,
    turn: work.turn,
    turn_started: null,
    next_turn_at: nextTurnAt(before, nowMs),
  }));`,
        replace: `const writeId = \`\${session._id}:\${work.turn}:\${work.token}\`;
  const whole = {
    ...session,
    turn: work.turn,
    turn_started: null,
    next_turn_at: nextTurnAt(session, nowMs),
    version: session.version + 1,
    write_id: writeId,
  };
  await collections.entities.session.documents.replaceOne({ _id: session._id }, whole, durable);
  await announce(collections.journal, writeId, [cacheKeys.session(session._id)]);
  return whole;`,
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-paused',
    breaks: ['I12', 'I2'],
    // The paused processor must not give up its turn when it resumes, and several turns must have been processed by then, so that the
    // clients, few enough to know the current turn, ask for turns that it takes back. A processor in the middle of a turn at that moment
    // would write the session back, so turns are short and far apart.
    variant: {
      durationMs: 9_000,
      ratePerSecond: 60,
      maxVus: 12,
      world: { sessions: 1, generals: 20, cities: 4 },
      processes: { 'turn-processor': 3 },
      settings: { TURN_PERIOD_MS: '1000', TURN_DEADLINE_MS: '20000', SYNC_CONFIRM_TIMEOUT_MS: '8000' },
      window: { applyAtMs: 1_000, healAtMs: 6_500 },
      parameters: { searchMs: 3_000 },
    },
  },
  {
    name: 'turn-begun-means-done',
    title: 'A turn that a killed processor had begun counts as done',
    edits: [
      {
        file: 'system/turns/process-turn.ts',
        find: 'await shutOutOlderProcessors(parts, sessionId, token);',
        replace: `const completed = await completeTurn(parts, before, work);
        return { outcome: 'applied', currentTurn: completed.turn };`,
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-killed',
    breaks: ['I1'],
    // Long turns in small steps, so that the killed processor has not processed every entity.
    variant: { world: { generals: 200 }, settings: { TURN_CHUNK_SIZE: '10' } },
  },
  {
    name: 'turn-effects-not-awaited',
    title: 'A turn ends before its effects are saved',
    edits: [
      {
        file: 'system/turns/advance-entities.ts',
        find: 'const advanced = await onePass(parts, collection, advance, work, filter);',
        replace: `onePass(parts, collection, advance, work, filter).catch(() => undefined);
    const advanced = { met: 0, applied: 0, interrupted: false };`,
      },
    ],
    scenario: 'turns',
    fault: 'redis-slow',
    breaks: ['I1'],
  },
  {
    name: 'turn-judged-before-lock',
    title: 'Whether a turn is due is checked before the lock is taken, and not again',
    edits: [
      {
        file: 'system/turns/process-turn.ts',
        find: 'if (settled !== undefined) return settled;',
        replace: '',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I2'],
    // Few clients, and no processor: each knows the current turn and asks for the next one while another client's request
    // processes it. Turns are short, so that the second request gets the lock at its second try.
    variant: {
      ratePerSecond: 30,
      maxVus: 12,
      world: { generals: 12, cities: 2, nations: 2 },
      processes: { 'turn-processor': 0 },
    },
  },
  {
    name: 'turn-number-first',
    title: 'The turn’s number is written first and its effects after it',
    edits: [
      {
        file: 'system/turns/process-turn.ts',
        find: 'await advanceAll(parts, work);',
        replace: 'const completed = await completeTurn(parts, begun.marked, work);',
      },
      {
        file: 'system/turns/process-turn.ts',
        find: 'const completed = await completeTurn(parts, begun.marked, work);',
        replace: 'await advanceAll(parts, work);',
      },
    ],
    scenario: 'turns',
    fault: 'mongo-down',
    breaks: ['I1'],
    // Long turns, one after the other, so that MongoDB fails during a turn, and for longer than a turn may take.
    variant: {
      durationMs: 6_000,
      world: { generals: 200 },
      settings: { TURN_PERIOD_MS: '100', TURN_CHUNK_SIZE: '4' },
      window: { applyAtMs: 1_500, healAtMs: 4_000 },
    },
  },
  {
    name: 'turn-period-shortened',
    title: 'The next turn is due a ninth of the period after the end of the last',
    edits: [
      {
        file: 'system/turns/schedule.ts',
        find: 'return new Date(nextMs > nowMs ? nextMs : nowMs + session.turn_period_ms);',
        replace: 'return new Date(Math.min(nextMs, nowMs + session.turn_period_ms / 9));',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I19'],
    // Turns that are short, so that the period is what they wait for.
    variant: { world: { generals: 10, cities: 4 }, settings: { TURN_PERIOD_MS: '3000' } },
  },
  {
    name: 'turn-single-pass',
    title: 'An entity that a player changes during a turn misses the turn',
    edits: [
      {
        file: 'system/turns/advance-entities.ts',
        find: 'if (advanced.met === 0 && !advanced.interrupted) return;',
        replace: 'if (!advanced.interrupted) return;',
      },
    ],
    scenario: 'turns',
    fault: 'redis-slow',
    breaks: ['I1'],
  },
  {
    name: 'turn-time-budget',
    title: 'A turn ends after a fixed time, and entities that it did not reach miss it',
    edits: [
      {
        file: 'system/turns/advance-entities.ts',
        find: 'for (let pass = 0; ; pass += 1) {',
        replace: `const endsAtMs = parts.clock.monotonicMs() + 250;
  for (let pass = 0; parts.clock.monotonicMs() < endsAtMs; pass += 1) {`,
      },
      {
        file: 'system/turns/advance-entities.ts',
        find: '{ batchSize: parts.chunkSize }',
        replace: '{ limit: 25 }',
      },
    ],
    scenario: 'turns',
    fault: 'redis-slow',
    breaks: ['I1'],
  },
  {
    name: 'turn-without-guard',
    title: 'A turn advances every entity, also those that had it already',
    edits: [
      {
        file: 'system/turns/advance-entities.ts',
        find: 'const advanced = await onePass(parts, collection, advance, work, filter);',
        replace: `const everything = { session_id: work.sessionId } as Filter<T>;
    const met = pass === 0 ? everything : filter;
    const advanced = await onePass(parts, collection, advance, work, met);`,
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-killed',
    breaks: ['I1'],
    // Small steps, so that the killed processor has completed some of them.
    variant: { settings: { TURN_CHUNK_SIZE: '10' } },
  },
];
