/** An API process killed: requests under way end without an answer, and new ones are refused. */
import { processKilled } from './process-killed.ts';

export const apiKilled = processKilled('api', 'An API process killed');
