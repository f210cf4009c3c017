/** A Chromium shows the report in tests; runs do not need it. */
import { onPath } from '../../setup/redis-program.mjs';
import { type Check, ok, optional } from '../finding.ts';
import { programVersion } from '../program-version.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

export const browser: Check = {
  name: 'Chromium',
  run: async ({ environment }) => {
    for (const name of names) {
      const program = onPath(name, environment['PATH'] ?? '');
      const version = program === undefined ? undefined : await programVersion(program, ['--version']);
      if (program !== undefined && version !== undefined) return ok(`${version} (${program})`);
    }
    return optional(
      'not on PATH: tests that open the report in a browser are left out',
      'install one (Debian: apt-get install chromium, macOS: brew install chromium)',
    );
  },
};
