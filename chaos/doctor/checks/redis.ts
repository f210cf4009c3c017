/** Redis of the local stack: always a real one. */
import { chooseRedis } from '../../stack/programs.ts';
import type { Check } from '../finding.ts';
import { examineChoice } from '../program-choice.ts';

export const redis: Check = {
  name: 'Redis',
  run: ({ environment }) => examineChoice(chooseRedis(environment), ['--version']),
};
