/** MongoDB of the local stack: a mongod, or the embedded one. */
import { chooseMongo } from '../../stack/programs.ts';
import { type Check, ok } from '../finding.ts';
import { examineChoice } from '../program-choice.ts';

export const mongo: Check = {
  name: 'MongoDB',
  run: async ({ environment }) => {
    const choice = chooseMongo(environment);
    if (choice.found && choice.program.toBeFetched) return ok('a mongod, fetched when a stack starts');
    return await examineChoice(choice, ['--version']);
  },
};
