import { describe, expect, it } from 'vitest';
import { chooseMongo, chooseRedis, chooseToxiproxy } from './programs.ts';

describe.each([
  ['MongoDB', chooseMongo, 'REDCLIFF_MONGO', 'redcliff mongod'],
  ['Toxiproxy', chooseToxiproxy, 'REDCLIFF_TOXIPROXY', 'redcliff toxiproxy'],
] as const)('the choice of %s', (_, choose, variable, embedded) => {
  it('is the embedded one without another', () => {
    const choice = choose({ PATH: '' });
    expect(choice).toMatchObject({ found: true, program: { kind: 'embedded', label: embedded } });
  });

  it('is the one that the environment names', () => {
    const choice = choose({ PATH: '', [variable]: process.execPath });
    expect(choice).toMatchObject({
      found: true,
      program: { kind: 'real', command: process.execPath, source: variable },
    });
  });

  it('is the embedded one when the environment says so, even with a real one on PATH', () => {
    const choice = choose({ PATH: process.env['PATH'], [variable]: 'embedded' });
    expect(choice).toMatchObject({ found: true, program: { kind: 'embedded', source: variable } });
  });

  it('names the variable that leads nowhere', () => {
    const choice = choose({ PATH: '', [variable]: '/nonexistent' });
    expect(choice).toMatchObject({
      found: false,
      reason: expect.stringContaining(`${variable}=/nonexistent`),
    });
  });
});

it.each([
  [chooseMongo, { mongo: '/nonexistent' }, '--mongo "/nonexistent"'],
  [chooseToxiproxy, { toxiproxy: '/nonexistent' }, '--toxiproxy "/nonexistent"'],
  [chooseRedis, { redis: '/nonexistent' }, '--redis "/nonexistent"'],
] as const)('an option that leads nowhere is named, and not a variable', (choose, flags, words) => {
  const choice = choose({ PATH: '' }, flags);
  expect(choice).toMatchObject({ found: false, reason: expect.stringContaining(words) });
  expect(JSON.stringify(choice)).not.toContain('REDCLIFF_');
});

it('a mongod that will be fetched counts as real', () => {
  expect(chooseMongo({ PATH: '', REDCLIFF_MONGO: 'fetch' })).toMatchObject({
    found: true,
    program: { kind: 'real', label: 'mongod', toBeFetched: true },
  });
});
