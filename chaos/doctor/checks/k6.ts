/** Scripts run by the built-in runtime, unless there is a real k6. */
import { existsSync } from 'node:fs';
import { chooseK6 } from '../../run/k6-program.ts';
import { ownModule } from '../../setup/own-files.mjs';
import { type Check, missing, ok } from '../finding.ts';

const builtIn = ownModule('../../emulators/k6/main', import.meta.url);

export const k6: Check = {
  name: 'k6',
  run: async ({ environment }) => {
    const program = await chooseK6(undefined, environment);
    if (program !== null)
      return ok(`${program.version}, ${program.path}; --k6 built-in takes the built-in runtime`);
    if (existsSync(builtIn)) return ok('built-in runtime');
    return missing('neither the built-in runtime nor a k6 on PATH', 'install redcliff anew');
  },
};
