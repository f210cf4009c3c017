/** Scripts run by the built-in runtime, unless there is a real k6. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chooseK6 } from '../../run/k6-program.ts';
import { type Check, missing, ok } from '../finding.ts';

export const k6: Check = {
  name: 'k6',
  run: async ({ environment, root }) => {
    const program = await chooseK6(undefined, environment);
    if (program !== null)
      return ok(`${program.version}, ${program.path}; --k6 built-in takes the built-in runtime`);
    if (existsSync(path.join(root, 'chaos', 'emulators', 'k6', 'main.ts'))) return ok('built-in runtime');
    return missing(
      'neither the built-in runtime nor a k6 on PATH',
      'restore chaos/emulators/k6 from the repository',
    );
  },
};
