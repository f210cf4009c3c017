/** Mutants of the loop that all daemons share, and of db-sync. */
import type { Mutant } from '../../chaos/api/index.ts';

export const daemonMutants: readonly Mutant[] = [
  {
    // One consumer of sync:queue more for each kill, for ever.
    name: 'dead-consumers-stay',
    title: 'Consumers of killed db-syncs are never forgotten',
    edits: [
      {
        file: 'system/daemons/db-sync/main.ts',
        find: 'await queue.forgetSilent(config.SYNC_CONSUMER_FORGET_MS)',
        replace: 'await Promise.resolve(0)',
      },
    ],
    scenario: 'writes',
    fault: 'db-sync-killed',
    breaks: [],
    notJudged: 'what grows without end is not judged',
  },
  {
    // The instances wait for each other's locks, one session after the other, instead of sharing the work.
    name: 'due-work-in-one-order',
    title: 'Every instance of a daemon goes through what is due in the same order',
    edits: [
      { file: 'system/daemons/process-due.ts', find: 'rank: random.next() }))', replace: 'rank: 0 }))' },
    ],
    scenario: 'turns',
    fault: 'none',
    breaks: [],
    notJudged: 'how instances share work is not judged',
  },
  {
    // The same failure many times a second in the logs, a lock and a fencing token for each try.
    name: 'no-back-off-of-failing-work',
    title: 'Daemons try work that fails by itself again at every tick',
    edits: [
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
];
