/** MongoDB of the local stack: a mongod, or the embedded one. */
import { chooseMongo } from '../../stack/programs.ts';
import type { Check } from '../finding.ts';
import { examineChoice } from '../program-choice.ts';

export const mongo: Check = {
  name: 'MongoDB',
  run: ({ environment }) => examineChoice(chooseMongo(environment), ['--version']),
};
