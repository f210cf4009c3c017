/** Mistakes in turns. */
import type { Mutant } from '../../../chaos/api/index.ts';

export const turnMutants: readonly Mutant[] = [
  {
    // After an action turn_fence of the general goes back; a turn-processor that was paused past its lock may write
    // it again after another took over.
    name: 'action-clears-turn-fence',
    title: 'A save without a lock sets the fencing token of the document back to 0',
    edits: [
      {
        file: 'system/sync/entity-write.ts',
        find: 'turn_fence: stamp.fence ?? before.turn_fence,',
        replace: 'turn_fence: stamp.fence ?? 0,',
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-paused',
    breaks: [],
    notJudged:
      'a replaced processor gives up at the first entity that is fenced, before it reaches one that an action cleared',
  },
  {
    // The turn is logged and numbered while cities still need it; when the processor is killed then, cities never get
    // the turn, and a failure there ends the process.
    name: 'cities-not-waited-for',
    title: 'A turn does not wait for its effect on the cities',
    edits: [
      {
        file: 'system/turns/process-turn.ts',
        find: 'await advanceEntities(advance, city, advanceCity, work);',
        replace: 'void advanceEntities(advance, city, advanceCity, work);',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I1'],
    // Cities take longer than all the rest, so that the next turn overtakes them.
    variant: {
      world: { generals: 10, cities: 200, nations: 2 },
      settings: { TURN_PERIOD_MS: '200', TURN_CHUNK_SIZE: '4' },
    },
  },
  {
    // Turns during actions are skipped and taken over from the process itself again and again: they take longer, and
    // versions jump.
    name: 'conflict-ends-the-turn',
    title: 'An entity that a player changed meanwhile ends the attempt at the turn',
    edits: [
      {
        file: 'system/turns/advance-entities.ts',
        find: "if (verdict === 'fenced') throw",
        replace: "if (verdict === 'fenced' || verdict === 'conflict') throw",
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: [],
    notJudged: 'the time that a turn takes is not judged',
  },
  {
    // A session at rest shows turn_started with the number of its last turn.
    name: 'ended-turn-still-marked',
    title: 'The mark of a turn under way stays on the session when the turn has ended',
    edits: [
      {
        file: 'system/turns/complete-turn.ts',
        find: `    turn_started: null,
`,
        replace: '',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I10'],
  },
  {
    // A short outage of MongoDB during a turn is answered 200 "skipped", or a definite 503, for a turn that is half
    // done; the daemon logs no failure.
    name: 'failed-turn-reported-as-skipped',
    title: 'A turn that failed halfway is reported as left to another process',
    edits: [
      {
        file: 'system/turns/process-turn.ts',
        find: `  if (!overtaken) {
    const message = \`turn \${work.turn} of \${work.sessionId} was begun and not ended\`;
    throw new SystemError('turn_incomplete', message, { cause: error });
  }
`,
        replace: '',
      },
    ],
    scenario: 'turns',
    fault: 'mongo-flap',
    breaks: [],
    notJudged: 'what a turn that was not applied is answered with is not judged',
  },
  {
    // After a step-down or a reset of MongoDB during a turn, the turn is logged as done and all entities of a kind
    // have missed it.
    name: 'interrupted-pass-ends-turn',
    title: 'A pass that MongoDB interrupted before the first entity counts as finding none left',
    edits: [
      {
        file: 'system/turns/advance-entities.ts',
        find: 'if (advanced.met === 0 && !advanced.interrupted) return;',
        replace: 'if (advanced.met === 0) return;',
      },
    ],
    scenario: 'turns',
    fault: 'mongo-flap',
    breaks: ['I1'],
    // Turns are short and follow each other, so that MongoDB often fails at the beginning of a pass.
    variant: {
      durationMs: 6_000,
      world: { generals: 40, cities: 4 },
      settings: { TURN_PERIOD_MS: '100', TURN_CHUNK_SIZE: '10' },
      window: { applyAtMs: 1_000, healAtMs: 5_000 },
    },
  },
  {
    // After an outage of several periods, or with all turn-processors killed for that long, the missed turns run in a
    // row without a pause.
    name: 'late-turns-made-up',
    title: 'The next turn is due one period after the last was due, however late it was',
    edits: [
      {
        file: 'system/turns/schedule.ts',
        find: 'nextMs > nowMs ? nextMs : nowMs + session.turn_period_ms',
        replace: 'nextMs',
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-killed',
    breaks: [],
    notJudged: 'another processor goes on while one is killed, so no turn is late by several periods',
  },
  {
    // A client that sends a turn again after a lost answer gets 409 turn_not_due instead of "already".
    name: 'repeated-turn-not-due',
    title: 'The number of the last turn is refused instead of answered as done',
    edits: [
      {
        file: 'system/turns/process-turn.ts',
        find: "if (turn <= session.turn) return { outcome: 'already'",
        replace: "if (turn < session.turn) return { outcome: 'already'",
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I2'],
  },
  {
    // A hired general, who begins without rice, has −1 after one turn; the document can not be read any more, and no
    // later turn of the session ends.
    name: 'rice-below-zero',
    title: 'A turn takes rice from generals who have none',
    edits: [
      {
        file: 'system/turns/advance.ts',
        find: 'rice: Math.max(0, general.rice - 1),',
        replace: 'rice: general.rice - 1,',
      },
    ],
    scenario: 'court',
    fault: 'none',
    breaks: ['I4'],
  },
  {
    // Entities are not stamped with the newer token: a processor that was paused past its lock goes on writing after
    // another took its turn over.
    name: 'take-over-of-earlier-turns-only',
    title: 'A turn that another processor began is not recognised as taken over',
    edits: [
      {
        file: 'system/turns/take-over.ts',
        find: 'started.turn === turn && started.token < token',
        replace: 'started.turn < turn && started.token < token',
      },
    ],
    scenario: 'turns',
    fault: 'turn-processor-paused',
    breaks: ['I12'],
    // The paused processor resumes in the middle of its turn, while another works on the many cities.
    variant: {
      durationMs: 7_000,
      world: { sessions: 1, generals: 30, cities: 400 },
      settings: {
        TURN_PERIOD_MS: '2000',
        TURN_CHUNK_SIZE: '2',
        TURN_LOCK_TTL_SECONDS: '1',
        TURN_DEADLINE_MS: '20000',
        SYNC_CONFIRM_TIMEOUT_MS: '8000',
      },
      window: { applyAtMs: 800, healAtMs: 1_000 },
      parameters: { searchMs: 4_000 },
    },
  },
  {
    // turn_log has an entry {session}:0 and none for the last turn.
    name: 'turn-logged-under-earlier-number',
    title: 'The id of a row of the turn log has the number of the turn before',
    edits: [
      {
        file: 'system/turns/complete-turn.ts',
        find: '_id: `${session._id}:${work.turn}`,',
        replace: '_id: `${session._id}:${session.turn}`,',
      },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: ['I10'],
  },
];
