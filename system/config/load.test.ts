import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfig } from './load.ts';
import { variables } from './variables.ts';

const required = {
  ADMIN_TOKEN: 'secret-token',
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
  REDIS_URL: 'redis://127.0.0.1:6379',
};

describe('loadConfig', () => {
  it('fills in the defaults of the specification', () => {
    const config = loadConfig(required);
    expect(config.L1_TTL_SECONDS).toBe(3);
    expect(config.L2_TTL_SECONDS).toBe(360);
    expect(config.TURN_PERIOD_MS).toBe(60_000);
    expect(config.TURN_LOCK_TTL_SECONDS).toBe(600);
  });

  it('treats an empty variable as absent', () => {
    expect(loadConfig({ ...required, PORT: '' }).PORT).toBe(3000);
  });

  it('names every wrong variable and its remedy at once', () => {
    const load = () => loadConfig({ MONGODB_URI: 'http://x', REDIS_URL: required.REDIS_URL, PORT: '70000' });
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(/ADMIN_TOKEN: is missing and has no default\. Set ADMIN_TOKEN/);
    expect(load).toThrow(/MONGODB_URI: "http:\/\/x" is not valid: must start with mongodb:\/\//);
    expect(load).toThrow(/PORT: "70000" is not valid/);
  });

  it('refuses fences that end before a holder of their lock can be out of the way', () => {
    const load = (seconds: string) => loadConfig({ ...required, FENCE_KEEP_SECONDS: seconds });
    expect(load('1200').FENCE_KEEP_SECONDS).toBe(1_200);
    expect(() => load('1199')).toThrow(/FENCE_KEEP_SECONDS: "1199" is less than twice .* 600 s/);
  });

  it.each(['-1', '1.5', 'ten', '0x10', ' '])('refuses the TTL %j', (value) => {
    expect(() => loadConfig({ ...required, L2_TTL_SECONDS: value })).toThrow(/L2_TTL_SECONDS/);
  });
});

describe('docs/configuration.md', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| ([^|]*) \| ([^|]*) \|$/gm)].map((row) => ({
    name: row[1],
    fallback: row[2]?.trim(),
    meaning: row[3]?.trim(),
  }));

  it('lists exactly the variables of the schema, with their defaults, in alphabetical order', () => {
    const expected = Object.entries(variables).map(([name, { fallback, meaning }]) => ({
      name,
      fallback: fallback === undefined ? 'required' : fallback === null ? 'none' : `\`${fallback}\``,
      meaning,
    }));
    expect(rows).toEqual(expected);
    expect(rows.map((row) => row.name)).toEqual(rows.map((row) => row.name).toSorted());
  });
});
