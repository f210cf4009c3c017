import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sample, samplePlanning } from '../testing/sample/sample.ts';
import type { Capability } from './contract.ts';
import { type ImageName, imageOf, imageVariable } from './docker/images.ts';
import { ownCapabilities } from './own-stack.ts';

const document = readFileSync(path.join(import.meta.dirname, '../../docs/providers.md'), 'utf8');
/** In the order of the table's columns. */
const stacks: readonly (readonly Capability[])[] = [
  [...ownCapabilities, 'mongo-step-down', 'toxiproxy-extensions'],
  [...ownCapabilities, 'mongo-step-down'],
  [...ownCapabilities, 'mongo-step-down'],
  [...ownCapabilities, 'mongo-step-down', 'mongo-partition'],
  [],
];

describe('docs/providers.md', () => {
  it('says of every fault that needs something which stack offers it', () => {
    const rows = [...samplePlanning.faults.values()]
      .filter(({ needs }) => needs.length > 0)
      .map(({ name, needs }) => {
        const role = Object.keys(sample.processes).find((each) => name.startsWith(`${each}-`));
        const can = stacks.map((has) => (needs.every((need) => has.includes(need)) ? 'yes' : 'no'));
        return `| \`${role === undefined ? name : name.replace(role, 'ROLE')}\` | ${needs.map((need) => `\`${need}\``).join(', ')} | ${can.join(' | ')} |`;
      });
    const table = document
      .split('\n')
      .filter((line) => /^\| `(?:ROLE|at|mongo|redis)-[a-z-]+` \| `[a-z-]+`/.test(line));
    expect(table).toEqual([...new Set(rows)]);
  });

  it.each<ImageName>(['grafana', 'k6', 'mongo', 'node', 'prometheus', 'redis', 'toxiproxy'])(
    'names the image of %s and its variable',
    (name) => {
      expect(document).toContain(`| \`${imageOf(name, {})}\` | \`${imageVariable(name)}\` |`);
    },
  );
});
