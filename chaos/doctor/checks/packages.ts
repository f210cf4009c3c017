/** node_modules as package-lock.json wants it. */
import { whyPackagesAreStale } from '../../setup/npm-packages.mjs';
import { type Check, missing, ok } from '../finding.ts';

export const packages: Check = {
  name: 'npm packages',
  run: async ({ root }) => {
    const stale = whyPackagesAreStale(root);
    return stale === undefined ? ok('as package-lock.json wants them') : missing(stale, 'run npm run setup');
  },
};
