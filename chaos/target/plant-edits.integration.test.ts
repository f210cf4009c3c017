/** Processes of Node.js with a mutant planted in them, by the options that the processes of a target get. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Edit } from '../api/mutant.ts';
import { nodeOptionsOf } from './mutants.ts';

const files = {
  'main.ts': `import { readFileSync } from 'node:fs';
import { shout } from './shout.js';
const script: string = readFileSync(new URL('script.lua', import.meta.url), 'utf8');
const bytes: Buffer = readFileSync(new URL('script.lua', import.meta.url));
console.log(shout('ts'), script, bytes.toString('utf8'));
`,
  'shout.js': "export const shout = (text) => text + '!';\n",
  'script.lua': 'return 1',
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcliff-plant-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function runWith(edits: readonly Edit[]) {
  const mutant = { name: 'sample', title: '', edits, scenario: '', fault: 'none', breaks: [] };
  return run(nodeOptionsOf({ mutants: [mutant] }, 'sample', folder));
}

function run(nodeArguments: readonly string[]) {
  const guardMs = 30_000;
  return spawnSync(process.execPath, [...nodeArguments, join(folder, 'main.ts')], {
    encoding: 'utf8',
    timeout: guardMs,
  });
}

it('runs edited TypeScript, JavaScript and scripts, and changes no file', async () => {
  const edits = [
    { file: 'main.ts', find: "shout('ts')", replace: "shout('edited' satisfies string)" },
    { file: 'shout.js', find: "'!'", replace: "'?'" },
    { file: 'script.lua', find: '1', replace: 'true' },
  ];
  expect(runWith(edits)).toMatchObject({ status: 0, stdout: 'edited? return true return true\n' });
  for (const [name, text] of Object.entries(files)) {
    expect(await readFile(join(folder, name), 'utf8')).toBe(text);
  }
  expect(runWith([])).toMatchObject({ status: 0, stdout: 'ts! return 1 return 1\n' });
});

it('ends the process before it does anything when an edit does not fit, though its file is not loaded', async () => {
  await writeFile(join(folder, 'unused.ts'), 'export const twice = [1, 1];\n');
  const ended = runWith([{ file: 'unused.ts', find: '1', replace: '2' }]);
  expect(ended).toMatchObject({ status: 1, stdout: '' });
  expect(ended.stderr).toContain('the mutant sample does not fit unused.ts: "1" occurs 2 times');
});

it('starts a process without a mutant as it is', () => {
  expect(nodeOptionsOf({ mutants: [] }, null, folder)).toEqual([]);
});
