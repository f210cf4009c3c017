/** Toxiproxy of the local stack: a toxiproxy-server, or the embedded one. */
import { chooseToxiproxy } from '../../stack/programs.ts';
import type { Check } from '../finding.ts';
import { examineChoice } from '../program-choice.ts';

export const toxiproxy: Check = {
  name: 'Toxiproxy',
  run: ({ environment }) => examineChoice(chooseToxiproxy(environment), ['-version']),
};
