import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCommand, scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const limitMs = 240_000;
const short = ['--pairs', '4', '--duration', '2s'];

/** Delays every request to the API. */
const slowly = `import { Server } from 'node:http';
const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...values) {
  if (event !== 'request') return emit.call(this, event, ...values);
  setTimeout(() => emit.call(this, event, ...values), 25);
  return true;
};
`;

/** Another checkout, whose API is slow. */
async function slowCheckout(folder: string): Promise<string> {
  const checkout = join(folder, 'slow');
  await mkdir(checkout);
  await cp(join(repository, 'system'), join(checkout, 'system'), { recursive: true });
  await cp(join(repository, 'package.json'), join(checkout, 'package.json'));
  await writeFile(join(checkout, 'system', 'api', 'slowly.mjs'), slowly);
  const main = join(checkout, 'system', 'api', 'main.ts');
  await writeFile(main, `import './slowly.mjs';\n${await readFile(main, 'utf8')}`);
  return checkout;
}

test(
  'a slower version is told from this one, after an interruption as well',
  async () => {
    await using folder = await scratchFolder();
    const out = join(folder.path, 'out');
    const slow = await slowCheckout(folder.path);
    const command = ['versus', slow, 'reads', ...short, '--out', out];
    await using cut = startCommand(command);
    await cut.outputs('Pair 2 of 4');
    cut.child.kill('SIGINT');
    expect(await cut.finished).toMatchObject({ status: 130 });
    expect(await cut.left()).toEqual([]);

    const [made] = (await readdir(out)).filter((name) => name.includes('versus'));
    const resumed = await runCommand(['versus', '--resume', join(out, made ?? ''), '--pairs', '4']);
    expect(resumed).toMatchObject({ status: 0 });
    expect(resumed.output).not.toContain('Pair 1 of 4');
    expect(resumed.output).toMatch(/Faster: typical latency in the baseline went from \d\d\.\d\d ms to/);
    expect(resumed.output).toContain(`Before: ${slow}.`);
  },
  limitMs,
);

test(
  'a commit is taken out of the repository, and compared with what is here',
  async () => {
    await using folder = await scratchFolder();
    const finished = await runCommand(['versus', 'HEAD', 'reads', ...short, '--out', folder.path]);
    expect(finished.output).toMatch(/^Before: [\da-f]{40}\. After: [\da-f]{40}/m);
    expect(finished.output).toMatch(/^\| baseline \| typical latency \| \d/m);
    // One of a hundred comparisons of the same may call it slower.
    expect([0, 3]).toContain(finished.status);
  },
  limitMs,
);

test.each([
  { args: [], field: 'what this version is compared with' },
  { args: ['no-such-commit'], field: '"no-such-commit"' },
  { args: ['--end-of-options'], field: 'end-of-options' },
  { args: ['docs'], field: '"docs"' },
  { args: ['HEAD', 'nowhere'], field: 'nowhere' },
  { args: ['HEAD', '--pairs', '3'], field: '--pairs "3"' },
  { args: ['--resume', '/nowhere'], field: '--resume "/nowhere"' },
])('versus refuses $args before it starts anything', async ({ args, field }) => {
  const finished = await runCommand(['versus', ...args]);
  expect(finished).toMatchObject({ status: 64 });
  expect(finished.output).toContain(field);
});
