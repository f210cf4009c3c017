import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

it('build-stand-ins.sh is valid bash', () => {
  const script = path.join(import.meta.dirname, 'build-stand-ins.sh');
  expect(execFileSync('bash', ['-n', script], { encoding: 'utf8' })).toBe('');
});
