import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDefinedTarget } from '../chaos/api/define.ts';
import { makeProgram } from '../chaos/cli/program.ts';
import { noFault } from '../chaos/api/scenario.ts';
import { planningContext } from '../chaos/run/plan.ts';
import { loadTarget } from '../chaos/target/load-config.ts';
import { blocksOf, commandLinesIn, slugsOf, wordsOf } from './testing/markdown.ts';

const root = path.join(import.meta.dirname, '..');
const lineLengthMax = 120;
const pages = [
  'README.md',
  ...readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].toSorted();
const textOf = (page: string): string => readFileSync(path.join(root, page), 'utf8');
/** Its table has one row for each module, because `api-table.integration.test.ts` reads it: rows cannot be wrapped. */
const withLongRows = 'docs/k6-runtime.md';
/** What commands write: it need not be there. */
const written = /^reports\/(?:runs|baselines)\b|^redcliff-/;

describe.each(pages)('%s', (page) => {
  const text = textOf(page);
  const folder = path.dirname(path.join(root, page));

  it('has no line that is too long', () => {
    const lines = text.split('\n').filter((line) => page !== withLongRows || !line.startsWith('|'));
    const long = lines.filter((line) => [...line].length > lineLengthMax);
    expect(long).toEqual([]);
  });

  it('links only to pages and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, file = '', anchor]) => {
      const target = file === '' ? path.join(root, page) : path.join(folder, file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !slugsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only files of the repository that exist', () => {
    const prose = blocksOf(text, 'ts').reduce((rest, block) => rest.replace(block, ''), text);
    const named = [
      ...prose.matchAll(/(?<![\w./<-])(?:chaos|docs|reports|scenarios|system)\/[\w./*<>-]*/g),
      ...[...text.matchAll(/\.\.\/redcliff\/([\w./-]+)/g)].map(([, file = '']) => [file]),
    ].map(([file = '']) => file.replace(/[.]$/, ''));
    const missing = named.filter(
      (file) => !/[*<>]|NNN/.test(file) && !written.test(file) && !existsSync(path.join(root, file)),
    );
    expect(missing).toEqual([]);
  });
});

/** Of a module of the package. */
function asInCheckout(_: string, k6 = '', blocking = '/index'): string {
  return `'../redcliff/chaos/api${k6}${blocking}.ts'`;
}

it.each(pages)('examples of %s import the package, not files of a checkout', (page) => {
  const imports = blocksOf(textOf(page), 'ts').flatMap((block) => block.match(/from '[^']+'/g) ?? []);
  expect(imports.filter((line) => line.includes('../redcliff'))).toEqual([]);
});

describe('command lines', async () => {
  const program = await makeProgram();
  const target = await loadTarget({}, root);
  const faults = [noFault, ...planningContext(target).faults.keys()];
  const scenarios = target.scenarios.map(({ name }) => name);
  const lines = pages.flatMap((page) => commandLinesIn(textOf(page)).map((line) => ({ page, ...line })));

  it('are found', () => {
    expect(lines.filter(({ whole }) => whole).length).toBeGreaterThan(20);
  });

  it.each(lines)('$page: $line', ({ line, whole, elsewhere }) => {
    const { command, operands, unknown } = parsed(program, wordsOf(line));
    const { fault = [], config } = command.opts<{ fault?: string | string[]; config?: string }>();
    const ofThisTarget = whole && !elsewhere && config === undefined;
    expect({
      command: command.name(),
      unknown,
      missing: whole ? missingArguments(command, operands) : [],
      faults: ofThisTarget ? [fault].flat().filter((name) => !faults.includes(name)) : [],
      operands: ofThisTarget ? operands.filter((name) => !operandIsKnown(command.name(), name)) : [],
    }).toEqual({
      command: expect.not.stringMatching(/^redcliff$/),
      unknown: [],
      missing: [],
      faults: [],
      operands: [],
    });
  });

  function operandIsKnown(command: string, name: string): boolean {
    if (command === 'run' || command === 'up') return scenarios.includes(name);
    return command !== 'fault' || faults.includes(name);
  }
});

/** `unknown`: words that are neither an option, nor a command, nor an argument. */
function parsed(program: Command, words: readonly string[]) {
  let command = program;
  let rest = [...words];
  for (;;) {
    const next = command.commands.find((candidate) => candidate.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    rest = rest.slice(1);
  }
  const { operands, unknown } = command.parseOptions(rest);
  const { registeredArguments: expected } = command;
  const most = expected.some(({ variadic }) => variadic) ? Infinity : expected.length;
  return { command, operands, unknown: [...unknown, ...operands.slice(most)] };
}

function missingArguments(command: Command, operands: readonly string[]): string[] {
  return command.registeredArguments
    .filter(({ required }) => required)
    .slice(operands.length)
    .map((argument) => argument.name());
}

describe('examples', () => {
  let folder = '';
  beforeAll(async () => {
    const cache = path.join(root, '.cache');
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(path.join(cache, 'docs-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const examples = pages.flatMap((page) =>
    blocksOf(textOf(page), 'ts')
      .map((block) => block.replaceAll(/'redcliff(\/k6)?(\/blocking)?'/g, asInCheckout))
      .filter((block) => /from '(?:\.\.\/redcliff|\.\.\/\.\.)\/(?!chaos\/api\/k6)/.test(block))
      .map((block, index) => ({ page, index, block })),
  );

  it.each(examples)('number $index of $page can be loaded', async ({ page, index, block }) => {
    const file = path.join(folder, `${page.replaceAll('/', '-')}-${index}.ts`);
    await writeFile(file, block.replaceAll(/'(?:\.\.\/redcliff|\.\.\/\.\.)\//g, `'${root}/`));
    const loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    expect(Object.keys(loaded)).toHaveLength(1);
    expect(isDefinedTarget(loaded['default'])).toBe(block.includes('export default'));
  });
});
