import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

it('every metric of the system is explained to its readers', async () => {
  const document = readFileSync(new URL('../../docs/system.md', import.meta.url), 'utf8');
  const own = (await createMetrics().registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('opensam_'));
  expect(own).toContain('opensam_mongodb_connections_in_use');
  expect(own.filter((name) => !document.includes(`| \`${name}\` |`))).toEqual([]);
});

it('connections to MongoDB are counted up and down', async () => {
  const { database, registry } = createMetrics();
  database.connections(+1, 0);
  database.connections(+1, 0);
  database.connections(0, +1);
  database.connections(-1, 0);
  const text = await registry.metrics();
  expect(text).toContain('\nopensam_mongodb_connections_open 1\n');
  expect(text).toContain('\nopensam_mongodb_connections_in_use 1\n');
});
