/** I16: every request ends within its deadline, however broken the system is. */
import { deadline } from '../../reports/checkers/deadline.ts';

export const deadlines = deadline({ invariant: 'I16', title: 'Every request ends within its deadline' });
