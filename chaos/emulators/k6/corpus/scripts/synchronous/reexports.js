// The functions of scenarios stand in files of their own.
// requests: 3
import { browse } from './lib/journeys.js';
export { browse } from './lib/journeys.js';
export { search as find } from './lib/journeys.js';

export const options = {
  scenarios: {
    browse: { executor: 'shared-iterations', exec: 'browse', iterations: 1, vus: 1 },
    find: { executor: 'shared-iterations', exec: 'find', iterations: 2, vus: 1 },
  },
};

export default browse;
