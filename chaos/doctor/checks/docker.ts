/** The docker stack needs an engine; without one there is the local stack. */
import { findEngine } from '../../stack/docker/engine.ts';
import { type Check, ok, optional } from '../finding.ts';

export const docker: Check = {
  name: 'Docker',
  run: async ({ environment }) => {
    const engine = await findEngine(environment);
    return engine.found
      ? ok(`engine answers at ${engine.where}; --stack docker uses it`)
      : optional(engine.reason, `${engine.remedy}; the local stack works without`);
  },
};
