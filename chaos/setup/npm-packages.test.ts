import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wantedNodeVersion, whyPackagesAreStale } from './npm-packages.mjs';

describe('whyPackagesAreStale', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'redcliff-packages-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (file: string, packages: Record<string, unknown>) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), JSON.stringify({ packages }));
  };
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };

  it('asks for an installation without node_modules', () => {
    write('package-lock.json', wanted);
    expect(whyPackagesAreStale(root)).toBe('node_modules is missing');
  });

  it('accepts installed packages of the right versions, without optional ones of other platforms', () => {
    write('package-lock.json', wanted);
    write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
    expect(whyPackagesAreStale(root)).toBeUndefined();
  });

  it('names a package of another version', () => {
    write('package-lock.json', wanted);
    write('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } });
    expect(whyPackagesAreStale(root)).toBe('node_modules/a is 0.9.0, package-lock.json wants 1.0.0');
  });

  it('names a package that is missing', () => {
    write('package-lock.json', wanted);
    write('node_modules/.package-lock.json', {});
    expect(whyPackagesAreStale(root)).toBe('node_modules/a is missing');
  });

  it('refuses a clone without package-lock.json', () => {
    expect(() => whyPackagesAreStale(root)).toThrow('package-lock.json is missing');
  });

  it('reads the version of Node from package-lock.json', () => {
    write('package-lock.json', { 'node_modules/node': { version: '24.0.1' } });
    expect(wantedNodeVersion(root)).toBe('24.0.1');
  });
});
