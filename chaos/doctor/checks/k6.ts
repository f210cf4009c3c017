/** Scripts run by the built-in runtime, unless a run asks for a real k6. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { onPath } from '../../setup/redis-program.mjs';
import { type Check, missing, ok } from '../finding.ts';
import { programVersion } from '../program-version.ts';

export const k6: Check = {
  name: 'k6',
  run: async ({ environment, root }) => {
    const program = onPath('k6', environment['PATH'] ?? '');
    const version = program === undefined ? undefined : await programVersion(program, ['version']);
    if (program !== undefined && version !== undefined)
      return ok(`built-in runtime; --k6 ${program} is ${version}`);
    if (existsSync(path.join(root, 'scenarios', 'runtime', 'main.ts'))) return ok('built-in runtime');
    return missing(
      'neither the built-in runtime nor a k6 on PATH',
      'restore scenarios/runtime from the repository',
    );
  },
};
