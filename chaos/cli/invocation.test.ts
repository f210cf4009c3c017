import { expect, test } from 'vitest';
import { describeCommand } from './invocation.ts';

test('the command repeats what was given, with the seed that was drawn, and leaves out defaults', () => {
  const flags = {
    stack: 'auto',
    out: 'reports/runs',
    quiet: true,
    live: true,
    fault: ['redis-down', 'none'],
  };
  expect(describeCommand('run', ['items'], flags, 'a1')).toBe(
    'npm run redcliff -- run items --fault redis-down none --seed a1',
  );
});

test('what the shell would take apart is quoted', () => {
  const flags = { stack: 'external', redisUri: 'redis://h:1/?a&b', out: "it's here" };
  expect(describeCommand('run', [], flags, 's')).toBe(
    String.raw`npm run redcliff -- run --stack external --redis-uri 'redis://h:1/?a&b' --out 'it'\''s here' --seed s`,
  );
});

test('a switch is given without a value, and a password is left out', () => {
  const flags = { stack: 'external', besideForeignKeys: true, mongoUri: 'mongodb://me:hunter2@h/' };
  const command = describeCommand('run', [], flags, 's');
  expect(command).toContain("--beside-foreign-keys --mongo-uri 'mongodb://me:***@h/' --seed s");
});
