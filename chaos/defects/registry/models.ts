/** Defects planted in the entities, their reads and their saves. */
import type { Defect } from '../defect.ts';

export const modelDefects: readonly Defect[] = [
  {
    name: 'conflict-swallowed',
    title: 'A save that came too late is reported as done',
    replaces: 'store/world-saves.ts',
    scenario: 'writes',
    outage: 'redis-slow',
    breaks: ['I10'],
  },
  {
    name: 'save-not-awaited',
    title: 'A save is sent off and answered at once, whatever becomes of it',
    replaces: 'store/world-saves.ts',
    scenario: 'writes',
    outage: 'api-killed',
    breaks: ['I10'],
  },
  {
    name: 'second-key-forgotten',
    title: 'A change of a general is not seen by who reads him by his number',
    replaces: 'models/general.ts',
    scenario: 'reads',
    outage: 'none',
    breaks: ['I11', 'I15'],
  },
];
