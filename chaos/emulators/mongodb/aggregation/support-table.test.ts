/** The documentation lists what the registries have, and nothing else. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expressionOperators, refusedOperators } from './expressions/registry.ts';
import { refusedStages, stages } from './stage-registry.ts';
import { supportTable } from './support-table.ts';

const page = readFileSync(new URL('../../../../docs/embedded-mongodb.md', import.meta.url), 'utf8');

describe('docs/embedded-mongodb.md', () => {
  it('has the table of stages, accumulators and expressions', () => {
    expect(page).toContain(supportTable());
  });

  it('names what is refused', () => {
    for (const name of [...refusedOperators, ...refusedStages]) expect(page).toContain(`\`${name}\``);
  });
});

describe('the registries', () => {
  it('refuse nothing that they have', () => {
    expect([...refusedOperators].filter((name) => Object.hasOwn(expressionOperators, name))).toEqual([]);
    expect([...refusedStages].filter((name) => Object.hasOwn(stages, name))).toEqual([]);
  });
});
