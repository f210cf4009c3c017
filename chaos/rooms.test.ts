import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const nouns =
  /(?<![a-z])(?:generals?|nations?|city|cities|auctions?|battles?|tournaments?|game turns?|turn[- ]?processors?|open-?sam)(?![a-z])/;
/** Tests may use a target as data, and records of runs name the target that they were made with. */
const exempt = /\.test\.ts$|\/(?:testing|compat|fixtures)\/|^reports\/(?:baselines|recorded|runs)\//;

/** Splits camelCase, so that `cityCount` is found as `city`. `formatGeneral` is the conversion %g of printf. */
function wordsOf(line: string): string {
  return line
    .replaceAll('formatGeneral', '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

it.each(['chaos', 'reports'])('%s does not know the target of this repository', (folder) => {
  const files = readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)))
    .filter((file) => !exempt.test(file));
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .map((line, index) => `${file}:${index + 1}: ${line.trim()}`)
      .filter((line) => nouns.test(wordsOf(line))),
  );
  expect(found).toEqual([]);
});

it.each([
  ['const cityCount = 1', true],
  ['the general is sent', true],
  ['opensam_turns_total', true],
  ['a generalisation, and an electricity', false],
])('finds the nouns of the target: %s', (line, known) => {
  expect(nouns.test(wordsOf(line))).toBe(known);
});
