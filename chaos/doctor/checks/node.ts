/** The Node that runs the system and the harness must run TypeScript without a build. */
import { installedNodeVersion, wantedNodeVersion } from '../../setup/npm-packages.mjs';
import { type Check, missing, ok } from '../finding.ts';

export const node: Check = {
  name: 'Node',
  run: async ({ root }) => {
    const wanted = wantedNodeVersion(root);
    const installed = installedNodeVersion(root);
    const running = process.versions.node;
    if (installed === undefined) return missing('node_modules/.bin/node does not run', 'run npm run setup');
    if (installed !== wanted)
      return missing(`node_modules has ${installed}, but ${wanted} is needed`, 'run npm run setup');
    if (running === installed) return ok(running);
    return ok(`${installed} in node_modules; this command runs on ${running}`);
  },
};
