/** Defects planted in the players' actions. */
import type { Defect } from '../defect.ts';

export const actionDefects: readonly Defect[] = [
  {
    name: 'idempotency-forgotten',
    title: 'Answers are written down and never looked up: a request sent again acts again',
    replaces: 'actions/remembered-answer.ts',
    scenario: 'writes',
    outage: 'redis-slow',
    breaks: ['I10'],
  },
  {
    name: 'idempotency-outside-the-save',
    title: 'Idempotency keys are kept in the memory of the process, apart from the write they protect',
    replaces: 'actions/remembered-answer.ts',
    scenario: 'writes',
    outage: 'mongo-down',
    breaks: ['I10'],
  },
];
