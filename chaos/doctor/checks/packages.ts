/** Whether node_modules of a checkout matches package-lock.json; for an installed package npm has done that. */
import { whyPackagesAreStale } from '../../setup/npm-packages.mjs';
import { fromSource, packageFolder } from '../../setup/own-files.mjs';
import { type Check, missing, ok } from '../finding.ts';

export const packages: Check = {
  name: 'npm packages',
  run: ({ root }) => {
    if (!fromSource) return Promise.resolve(ok(`installed with ${packageFolder}`));
    const stale = whyPackagesAreStale(root);
    return Promise.resolve(
      stale === undefined ? ok('as in package-lock.json') : missing(stale, 'run npm run setup'),
    );
  },
};
