/** The tutorials, done to the letter: each command and each file of the page, in an empty folder, with the packed package. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { type Step, stepsOf } from '../../docs/testing/markdown.ts';
import { packageFolder } from './own-files.mjs';
import { PackageTrial, stepDeadlineMs } from './testing/packed-package.ts';

const trial = new PackageTrial();
/** Where the pages say that the checkout is: beside the folder of the service. */
const checkout = path.join(trial.folder, 'redcliff');

beforeAll(async () => {
  mkdirSync(path.join(checkout, 'docs'), { recursive: true });
  cpSync(path.join(packageFolder, 'docs', 'examples'), path.join(checkout, 'docs', 'examples'), {
    recursive: true,
  });
  await trial.pack(checkout);
}, stepDeadlineMs);

afterAll(() => trial[Symbol.dispose](), stepDeadlineMs);

const textOf = (page: string): string => readFileSync(path.join(packageFolder, page), 'utf8');

/** A comment that begins so says how the command ends, and a word that it says. */
const ending = /^exit status (\d+)(?:: (.+))?$/;

/** Returns what was said by all commands. */
async function follow(steps: readonly Step[], folder: string, context: TestContext): Promise<string> {
  let said = '';
  for (const step of steps) {
    if (step.kind === 'file') {
      mkdirSync(path.dirname(path.join(folder, step.name)), { recursive: true });
      writeFileSync(path.join(folder, step.name), step.text);
      continue;
    }
    const { status, stdout, stderr } = await trial.execute('bash', ['-c', step.line], folder);
    const output = `${step.line}\n${stdout}${stderr}`;
    if (step.line.startsWith('npm install') && status !== 0)
      context.skip(`npm cannot install here: ${stderr.split('\n')[0]}`);
    if (status === 2 && output.includes('too busy to decide')) context.skip('the machine is too busy');
    const [, wanted = '0', word = ''] = ending.exec(step.comment) ?? [];
    expect({ status, output }).toMatchObject({
      status: Number(wanted),
      output: expect.stringContaining(word),
    });
    said += output;
  }
  return said;
}

const linesOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === 'command' ? [step.line] : []));
const filesOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => (step.kind === 'file' ? [step.name] : []));

it('docs/your-service.md leads to a caught bug', { timeout: 4 * stepDeadlineMs }, async (context) => {
  const steps = stepsOf(textOf('docs/your-service.md'), '# Your service', '## Samples');
  expect(filesOf(steps)).toEqual(['redcliff/first.k6.ts', 'redcliff.config.ts']);
  expect(linesOf(steps)).toHaveLength(7);
  const folder = path.join(trial.folder, 'cart');
  mkdirSync(folder);
  const said = await follow(steps, folder, context);
  expect(said).toMatch(/line \S+ was added to cart c\d+ and is not in it/);
});

it('the second section of README runs', { timeout: 4 * stepDeadlineMs }, async (context) => {
  const steps = stepsOf(textOf('README.md'), '## Test your own service', '## Commands');
  expect(filesOf(steps)).toEqual(['redcliff.config.ts', 'items.k6.ts']);
  expect(linesOf(steps)).toHaveLength(6);
  // The service that the section is about is the reader's own.
  const folder = path.join(trial.folder, 'shop');
  mkdirSync(folder);
  cpSync(
    path.join(packageFolder, 'chaos', 'testing', 'sample', 'server.mjs'),
    path.join(folder, 'server.mjs'),
  );
  const dependencies = { ioredis: '6.0.0', mongodb: '7.9.0' };
  const start = { start: 'node server.mjs' };
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'shop', private: true, scripts: start, dependencies }),
  );
  await follow(steps, folder, context);
});
