import { describe, expect, it } from 'vitest';
import type { Availability, Capability, StackProvider } from './contract.ts';
import { mostAble } from './most-able.ts';

function provider(
  name: StackProvider['name'],
  offers: readonly Capability[],
  availability: Availability = { available: true },
): StackProvider {
  const start = () => Promise.reject(new Error('started a stack'));
  return { name, offers: new Set(offers), probe: () => Promise.resolve(availability), start };
}

const docker = provider('docker', ['redis-kill']);
const local = provider('local', ['redis-kill', 'toxiproxy-extensions']);
const gone = provider('docker', ['redis-kill'], {
  available: false,
  reason: 'no engine',
  remedy: 'start it',
});

async function taken(candidates: readonly StackProvider[], needs: readonly (readonly Capability[])[]) {
  const notes: string[] = [];
  const { name } = await mostAble(candidates, needs, (line) => notes.push(line));
  return { name, notes };
}

describe('of several stacks', () => {
  it('the first is taken when it can run everything', async () => {
    expect(await taken([docker, local], [])).toEqual({ name: 'docker', notes: ['Stack: docker'] });
    expect((await taken([docker, local], [[], ['redis-kill']])).name).toBe('docker');
  });

  it('a later one is taken when it can run more, and the others are named', async () => {
    expect(await taken([docker, local], [[], ['redis-kill', 'toxiproxy-extensions']])).toEqual({
      name: 'local',
      notes: [
        'Stack docker is passed over: 1 of 2 cells needs toxiproxy-extensions (--stack docker takes it nevertheless)',
        'Stack: local',
      ],
    });
  });

  it('what none can do does not count', async () => {
    expect((await taken([docker, local], [['mongo-partition']])).name).toBe('docker');
    expect((await taken([docker, local], [['mongo-partition'], ['toxiproxy-extensions']])).name).toBe(
      'local',
    );
  });

  it('one that does not work is not chosen, even if it could run more', async () => {
    expect(await taken([gone, local], [])).toEqual({
      name: 'local',
      notes: ['Stack docker cannot be used: no engine', 'Stack: local'],
    });
    await expect(taken([gone], [])).rejects.toMatchObject({
      exitStatus: 69,
      message: 'no stack can be used here: no engine',
      hint: 'start it',
    });
  });
});
