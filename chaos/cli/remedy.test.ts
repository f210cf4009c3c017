import { expect, it } from 'vitest';
import { remedyAt } from './remedy.ts';

const installed = { invocation: 'npx redcliff', folder: 'node_modules/redcliff' };
const commands = ['capacity', 'doctor', 'init'];

it.each([
  ['create one with redcliff init, or --config FILE', 'create one with npx redcliff init, or --config FILE'],
  ['redcliff doctor says what is missing', 'npx redcliff doctor says what is missing'],
  ['see npx redcliff doctor', 'see npx redcliff doctor'],
  ['a new redcliff version', 'a new redcliff version'],
  ['see /opt/redcliff doctor', 'see /opt/redcliff doctor'],
  ['docs/capacity.md describes it', 'node_modules/redcliff/docs/capacity.md describes it'],
])('an installed command says of "%s" what can be typed', (hint, wanted) => {
  expect(remedyAt(installed, hint, commands)).toBe(wanted);
});

it('leaves a remedy in a checkout as it is', () => {
  expect(remedyAt(null, 'redcliff init; docs/capacity.md', commands)).toBe('redcliff init; docs/capacity.md');
});
