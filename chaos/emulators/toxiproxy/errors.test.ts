/** The documentation lists the errors as they are. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ApiError, apiErrors } from './errors.ts';
import { toxicKinds } from './toxics/registry.ts';

const page = await readFile(new URL('../../../docs/toxiproxy.md', import.meta.url), 'utf8');

describe('docs/toxiproxy.md', () => {
  it('lists every error with its status and text', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \| (.+) \|$/gm)].map(
      ([, code = '', status, message]) => [code, { status: Number(status), message }],
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(Object.fromEntries(rows)).toEqual(apiErrors);
  });

  it('lists every toxic with its attributes', () => {
    for (const kind of toxicKinds) {
      const row = new RegExp(`^\\| \`${kind.type}\` \\| (.*)$`, 'm').exec(page)?.[1] ?? 'none';
      for (const name of kind.attributeTypes.keys()) expect(row).toContain(`\`${name}\``);
      expect(row).not.toBe('none');
    }
  });
});

describe('ApiError', () => {
  it('joins the listed text and the detail', () => {
    expect(new ApiError('missingField', 'name')).toMatchObject({
      status: 400,
      message: 'missing required field: name',
    });
    expect(ApiError.listenFailed(': no')).toMatchObject({ status: 500, message: 'listen tcp: no' });
  });
});
