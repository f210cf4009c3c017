/** Mutants of the entities, their reads and their saves. */
import type { Mutant } from '../../chaos/api/index.ts';

export const modelMutants: readonly Mutant[] = [
  {
    name: 'conflict-swallowed',
    title: 'A save that came too late is reported as done',
    edits: [
      {
        file: 'system/store/world-saves.ts',
        find: 'throw new VersionConflictError(`${id} was changed by another write`, false);',
        replace: 'return;',
      },
      {
        file: 'system/store/world-saves.ts',
        find: 'throw new VersionConflictError(`${id} was changed several times since`, true);',
        replace: 'return;',
      },
    ],
    scenario: 'writes',
    fault: 'redis-slow',
    breaks: ['I10'],
  },
  {
    // Reads are staler than the TTL of L1 plus the time of an invalidation.
    name: 'memory-counts-from-the-answer',
    title: 'The age of a saved value in memory counts from the answer, not from before the commit',
    edits: [
      {
        file: 'system/store/world-saves.ts',
        find: '        this.#remember(collection, document, write, verdict, savedAtMs);',
        replace: '        this.#remember(collection, document, write, verdict, clock.monotonicMs());',
      },
    ],
    scenario: 'reads',
    fault: 'redis-slow',
    breaks: [],
    notJudged: 'I15 allows more time for an invalidation than a save may wait',
  },
  {
    name: 'second-key-forgotten',
    title: 'A change of a general does not reach readers that use the number',
    edits: [
      {
        file: 'system/models/general.ts',
        find: 'cacheKeys.generalByNo(general.session_id, general.no),',
        replace: '',
      },
    ],
    scenario: 'reads',
    fault: 'none',
    breaks: ['I11', 'I15'],
  },
];
