/** Whether node_modules matches package-lock.json. */
import { whyPackagesAreStale } from '../../setup/npm-packages.mjs';
import { type Check, missing, ok } from '../finding.ts';

export const packages: Check = {
  name: 'npm packages',
  run: async ({ root }) => {
    const stale = whyPackagesAreStale(root);
    return stale === undefined ? ok('as in package-lock.json') : missing(stale, 'run npm run setup');
  },
};
