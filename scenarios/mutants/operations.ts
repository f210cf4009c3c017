/** Mutants of the tools of the operator. */
import type { Mutant } from '../../chaos/api/index.ts';

export const operationMutants: readonly Mutant[] = [
  {
    // Foreign programs are restarted, stopped ones are started.
    name: 'auto-restart-of-anything',
    title: 'auto-restart looks after every program under the same PM2, whatever its state',
    edits: [
      {
        file: 'system/ops/auto-restart/main.ts',
        find: "names.has(name) && status === 'online'",
        replace: "name !== '' && status !== '' && names.size > 0",
      },
    ],
    scenario: 'campaign',
    fault: 'none',
    breaks: [],
    notJudged: 'auto-restart is not a process of the target',
  },
  {
    // The health check warns of every fresh turn lock and of no stuck one.
    name: 'long-locks-by-the-time-left',
    title: 'Locks with more than the limit left are called long',
    edits: [
      {
        file: 'system/ops/locks/lock-tools.ts',
        find: '  if (heldSeconds < limitSeconds) return undefined;',
        replace: '  if (secondsLeft <= longSeconds) return undefined;',
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: [],
    notJudged: 'the tools of the operator are not processes of the target',
  },
];
