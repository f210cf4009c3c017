/** node_modules of a checkout as package-lock.json wants it; what an installed package needs, npm has seen to. */
import { whyPackagesAreStale } from '../../setup/npm-packages.mjs';
import { fromSource, packageFolder } from '../../setup/own-files.mjs';
import { type Check, missing, ok } from '../finding.ts';

export const packages: Check = {
  name: 'npm packages',
  run: ({ root }) => {
    if (!fromSource) return Promise.resolve(ok(`installed with ${packageFolder}`));
    const stale = whyPackagesAreStale(root);
    return Promise.resolve(
      stale === undefined ? ok('as package-lock.json wants them') : missing(stale, 'run npm run setup'),
    );
  },
};
