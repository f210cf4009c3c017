/**
 * Keeps the table of modules in the documentation true: of each module it names all that a script finds there, and what is
 * refused.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtinFiles } from '../realm/builtin-names.ts';
import { runScript } from './run-script.ts';

const documentation = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'k6-runtime.md');

interface Row {
  readonly module: string;
  readonly works: readonly string[];
  readonly refused: string;
}

/** The rows of the table whose head is `| module | works | refused | differs |`. */
function rows(): Row[] {
  const text = readFileSync(documentation, 'utf8');
  const [, table = ''] =
    /^\| module \| works \| refused \| differs \|\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(text) ?? [];
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [, module = '', works = '', refused = ''] = line.split('|').map((cell) => cell.trim());
      return {
        module: module.replaceAll('`', ''),
        refused,
        works: [...works.matchAll(/`(\w+\*?)`/g)].map((match) => match[1] ?? ''),
      };
    });
}

/** Names that begin alike stand as one, where the table has `Name*`. */
function shortened(names: readonly string[], works: readonly string[]): string[] {
  const prefixes = works.filter((name) => name.endsWith('*'));
  const short = names.map((name) => prefixes.find((prefix) => name.startsWith(prefix.slice(0, -1))) ?? name);
  return [...new Set(short)].toSorted();
}

const supported = rows().filter(({ works }) => works.length > 0);
const refusedRows = rows().filter(({ works }) => works.length === 0);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k6-table-'));
});
afterAll(() => {
  rmSync(folder, { force: true, recursive: true });
});

test('the table has every module that a script may import', () => {
  expect(supported.map(({ module }) => module).toSorted()).toEqual(Object.keys(builtinFiles).toSorted());
});

test('a script finds in each module what the table says, and nothing else', async () => {
  const path = join(folder, 'table.js');
  const imports = supported.map(({ module }, index) => `import * as m${index} from '${module}';`);
  const names = supported.map(({ module }, index) => `${JSON.stringify(module)}: namesOf(m${index})`);
  writeFileSync(
    path,
    `${imports.join('\n')}
const namesOf = (module) => [...new Set([...Object.keys(module), ...Object.keys(module.default)])].filter((name) => name !== 'default');
export default function () {
  console.log('TABLE ' + JSON.stringify({ ${names.join(', ')} }) + ' END');
}`,
  );
  const { exitCode, log } = await runScript(path, '', ['--log-format', 'raw']);
  expect(exitCode).toBe(0);
  const found: Record<string, string[]> = JSON.parse(/TABLE (.*) END/.exec(log)?.[1] ?? '{}');
  const sorted = Object.fromEntries(
    supported.map(({ module, works }) => [module, shortened(found[module] ?? [], works)]),
  );
  expect(sorted).toEqual(
    Object.fromEntries(supported.map(({ module, works }) => [module, works.toSorted()])),
  );
});

test.each(refusedRows)('$module is refused by name', async ({ module }) => {
  const path = join(folder, 'refused.js');
  writeFileSync(
    path,
    `import * as refused from '${module}';\nexport default function () { refused.what; }\n`,
  );
  const { exitCode, log } = await runScript(path, '');
  expect(exitCode).toBe(107);
  expect(log).toContain(module);
  expect(log).toContain('not supported by the built-in runtime');
});
