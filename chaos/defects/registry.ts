/** All defects, in alphabetical order. */
import type { Defect } from './defect.ts';

export const defects: readonly Defect[] = [
  {
    name: 'turn-without-guard',
    title: 'A turn advances whatever it meets, also what had the turn already',
    replaces: 'turns/advance-entities.ts',
    scenario: 'turns',
    outage: 'turn-processor-killed',
    breaks: ['I1'],
  },
];
