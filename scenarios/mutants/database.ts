/** Mutants of the documents, indexes and schemas of the database. */
import type { Mutant } from '../../chaos/api/index.ts';

export const databaseMutants: readonly Mutant[] = [
  {
    // One row for each auction, battle and round for ever.
    name: 'fences-never-end',
    title: 'Rows of fences have no end',
    edits: [
      {
        file: 'system/database/collections.ts',
        find: `  fenceSchema.index({ at: 1 }, { expireAfterSeconds: lifetimes.fenceKeepSeconds });
`,
        replace: '',
      },
    ],
    scenario: 'locks',
    fault: 'none',
    breaks: [],
    notJudged: 'what grows without end is not judged',
  },
  {
    // Older processes answer 500 for every document that has the field, and its session gets no turns.
    name: 'unknown-field-is-damage',
    title: 'A document with a field of a newer release counts as damaged',
    edits: [
      {
        file: 'system/database/stored.ts',
        find: `  if (hasOnlyUnknownFields(parsed.error)) return document as T;
`,
        replace: '',
      },
    ],
    scenario: 'turns',
    fault: 'rolling-restart',
    breaks: [],
    notJudged: 'no fault is a rolling release that adds a field',
  },
  {
    // The date is text in the database after the next save by an older process, or its saves pile up among the dead
    // letters.
    name: 'unknown-fields-through-json',
    title: 'Documents with fields of a newer release go through the queue and the cache as JSON',
    edits: [
      {
        file: 'system/sync/queue-entry.ts',
        find: '  return kindOf(write.type).knowsFields(write.document);',
        replace: '  return kindOf(write.type) !== undefined;',
      },
      {
        file: 'system/cache/codec.ts',
        find: '    isStorable: (entity) => kind.knowsFields(entity),',
        replace: '    isStorable: () => true,',
      },
    ],
    scenario: 'writes',
    fault: 'rolling-restart',
    breaks: [],
    notJudged: 'no fault is a rolling release that adds a field',
  },
];
