/** createSearchIndexes, updateSearchIndex and dropSearchIndex exist, and need a service that a server alone does not have. */
import type { Command } from './command.ts';
import { searchError } from './pipeline-rules.ts';

function searchCommand(name: string, fields: readonly string[]): Command {
  return {
    name,
    kind: 'write',
    inTransaction: false,
    fields,
    run: () => {
      throw searchError(name);
    },
  };
}

export const createSearchIndexes = searchCommand('createSearchIndexes', ['indexes']);
export const dropSearchIndex = searchCommand('dropSearchIndex', ['id', 'name']);
export const updateSearchIndex = searchCommand('updateSearchIndex', ['definition', 'id', 'name']);
