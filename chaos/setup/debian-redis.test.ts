import { describe, expect, it } from 'vitest';
import { packageOf } from './debian-redis.mjs';

describe('packageOf', () => {
  const closure = new Set(['liblzf1', 'libjemalloc2', 'liblz4-1', 'libssl3t64', 'liblua5.1-0', 'libstdc++6']);

  it.each([
    ['liblzf.so.1', 'liblzf1'],
    ['libjemalloc.so.2', 'libjemalloc2'],
    ['liblz4.so.1', 'liblz4-1'],
    ['liblua5.1.so.0', 'liblua5.1-0'],
    ['libstdc++.so.6', 'libstdc++6'],
    ['libssl.so.3', 'libssl3t64'],
  ])('%s is in %s', (library, name) => {
    expect(packageOf(library, closure)).toBe(name);
  });

  it('names the library without a package', () => {
    expect(() => packageOf('libodd.so.9', closure)).toThrow('libodd.so.9');
  });
});
