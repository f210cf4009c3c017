import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseK6 } from './k6-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'redcliff-k6-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that says it is k6 of this version; gives its path. */
function k6Of(version: string): string {
  const home = path.join(folder, version);
  mkdirSync(home);
  const file = path.join(home, 'k6');
  writeFileSync(file, `#!/bin/sh\necho 'k6 v${version} (go1.24, linux/amd64)'\n`);
  chmodSync(file, 0o755);
  return file;
}

const good = k6Of('1.2.3');
const other = k6Of('2.0.1');
const old = k6Of('0.49.0');

describe('chooseK6', () => {
  it('takes the flag before the environment, and that before PATH', async () => {
    const environment = { REDCLIFF_K6: other, PATH: path.dirname(old) };
    expect(await chooseK6(good, environment)).toEqual({ path: good, version: '1.2.3' });
    expect(await chooseK6(undefined, environment)).toEqual({ path: other, version: '2.0.1' });
    expect(await chooseK6(undefined, { PATH: path.dirname(good) })).toMatchObject({ path: good });
  });

  it('is the built-in runtime without a k6, with one that is too old, and when it is named', async () => {
    expect(await chooseK6(undefined, { PATH: '' })).toBeNull();
    expect(await chooseK6(undefined, { PATH: path.dirname(old) })).toBeNull();
    expect(await chooseK6('built-in', { REDCLIFF_K6: good })).toBeNull();
    expect(await chooseK6(undefined, { REDCLIFF_K6: 'built-in', PATH: path.dirname(good) })).toBeNull();
  });

  it.each([
    ['--k6', () => chooseK6('/bin/true', {})],
    ['--k6', () => chooseK6(old, {})],
    ['REDCLIFF_K6', () => chooseK6(undefined, { REDCLIFF_K6: '/nonexistent/k6' })],
  ])('refuses what %s names when it is none', async (field, choose) => {
    await expect(choose()).rejects.toMatchObject({ exitStatus: 69, message: expect.stringContaining(field) });
  });
});
