/** The Node that runs the harness and reads the user's TypeScript. In a checkout it is the one of package.json, with which the tests run. */
import { fromSource } from '../../setup/own-files.mjs';
import { installedNodeVersion, wantedNodeVersion } from '../../setup/npm-packages.mjs';
import { type Check, missing, ok } from '../finding.ts';

export const node: Check = {
  name: 'Node',
  run: ({ root }) => Promise.resolve(fromSource ? nodeOfCheckout(root) : ok(process.versions.node)),
};

function nodeOfCheckout(root: string): ReturnType<typeof ok> {
  const running = process.versions.node;
  const installed = installedNodeVersion(root);
  if (installed === undefined) return missing('node_modules/.bin/node does not run', 'run npm run setup');
  const wanted = wantedNodeVersion(root);
  if (installed !== wanted)
    return missing(`node_modules has ${installed}, but ${wanted} is needed`, 'run npm run setup');
  if (running === installed) return ok(running);
  return ok(`${installed} in node_modules; this command runs on ${running}`);
}
