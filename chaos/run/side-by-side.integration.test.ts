import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand, scratchFolder, startCommand } from '../cli/testing/command-under-test.ts';
import { sample, sampleConfig } from '../testing/sample/sample.ts';

const limitMs = 240_000;
const compare = ['compare', '--config', sampleConfig];
const short = ['--scenario', 'items', '--pairs', '4', '--duration', '2s'];

/** Another version of the sample, whose API is slow. */
async function slowVersion(folder: string): Promise<string> {
  const version = join(folder, 'slow');
  await cp(sample.folder, version, { recursive: true });
  const server = join(version, 'server.mjs');
  const text = await readFile(server, 'utf8');
  const handler = 'async function handle(method, url, body) {';
  const delay = 'await new Promise((resolve) => setTimeout(resolve, 250));';
  expect(text).toContain(handler);
  await writeFile(server, text.replace(handler, `${handler}\n  ${delay}`));
  return version;
}

test(
  'a slower version is told from this one, after an interruption as well',
  async () => {
    await using folder = await scratchFolder();
    const out = join(folder.path, 'out');
    const slow = await slowVersion(folder.path);
    await using cut = startCommand([...compare, '--against', slow, ...short, '--out', out]);
    await cut.outputs('Pair 2 of 4');
    cut.child.kill('SIGINT');
    expect(await cut.finished).toMatchObject({ status: 130 });
    expect(await cut.left()).toEqual([]);

    const [made] = (await readdir(out)).filter((name) => name.includes('against'));
    const resumed = await runCommand([...compare, '--resume', join(out, made ?? ''), '--pairs', '4']);
    expect(resumed).toMatchObject({ status: 0 });
    expect(resumed.output).not.toContain('Pair 1 of 4');
    expect(resumed.output).toMatch(/Faster: typical latency in the baseline went from \d{3}\.\d\d ms to/);
    expect(resumed.output).toContain(`Before: ${slow}.`);
  },
  limitMs,
);

test(
  'a commit is taken out of the repository, and compared with what is here',
  async () => {
    await using folder = await scratchFolder();
    const finished = await runCommand([...compare, '--against', 'HEAD', ...short, '--out', folder.path]);
    expect(finished.output).toMatch(/^Before: [\da-f]{40}\. After: [\da-f]{40}/m);
    expect(finished.output).toMatch(/^\| baseline \| typical latency \| \d/m);
    // One of a hundred comparisons of the same may call it slower.
    expect([0, 3]).toContain(finished.status);
  },
  limitMs,
);

test.each([
  { args: ['--against', 'HEAD'], field: '--against needs --scenario' },
  { args: ['--against', 'no-such-commit', '--scenario', 'items'], field: '"no-such-commit"' },
  { args: ['--against', '--end-of-options', '--scenario', 'items'], field: '--against' },
  { args: ['--against', sampleConfig, '--scenario', 'items'], field: 'is a file' },
  { args: ['--against', 'HEAD', '--scenario', 'nowhere'], field: 'nowhere' },
  { args: ['--against', 'HEAD', '--scenario', 'items', '--fault', 'flood'], field: 'flood' },
  { args: ['--against', 'HEAD', '--scenario', 'items', '--pairs', '3'], field: '--pairs "3"' },
  { args: ['--resume', '/nowhere'], field: '--resume "/nowhere"' },
])('compare refuses $args before it starts anything', async ({ args, field }) => {
  const finished = await runCommand([...compare, ...args]);
  expect(finished).toMatchObject({ status: 64 });
  expect(finished.output).toContain(field);
});
