import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { networkFaults } from '../faults/network.ts';
import type { Site } from './cell-context.ts';
import { pauseAt } from './pause.ts';

const site = {
  stack: {
    endpoints: {
      redis: { direct: 'redis://direct', proxied: 'redis://proxied' },
      mongo: { direct: 'mongodb://direct', proxied: 'mongodb://proxied' },
      toxiproxyApi: 'http://toxiproxy',
      proxyNames: { redis: 'redis', mongo: 'mongo' },
    },
  },
  baseUrls: ['http://api'],
  folder: '/run/cell',
  // Only what is printed of it.
} as unknown as Site;

function planned(name: string) {
  const fault = [...networkFaults('redis'), ...networkFaults('mongo')].find((one) => one.name === name);
  if (fault === undefined) throw new Error(`no fault ${name}`);
  return { fault, applyAtMs: 0, healAtMs: 1, parameters: {} };
}

function pause() {
  const input = new PassThrough();
  const interrupted = new AbortController();
  let output = '';
  const write = (text: string): void => void (output += text);
  const hold = pauseAt({ fault: 'redis-down', input, signal: interrupted.signal, write });
  return { input, interrupted, hold, output: () => output };
}

describe('a pause', () => {
  it('prints the addresses, and lasts until Enter', async () => {
    const { hold, input, output } = pause();
    let over = false;
    const held = hold(planned('redis-down'), site).then(() => (over = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(over).toBe(false);
    const places = [
      'http://api',
      'redis://direct',
      'redis://proxied',
      'mongodb://direct',
      'mongodb://proxied',
      'http://toxiproxy',
      '/run/cell/logs',
    ];
    for (const place of places) expect(output()).toContain(place);
    input.write('\n');
    await held;
    expect(output()).toContain('Continuing');
  });

  it('is made at its fault only, and as often as that comes', async () => {
    const { hold, input, output } = pause();
    await hold(planned('mongo-down'), site);
    expect(output()).toBe('');
    for (let time = 0; time < 2; time += 1) {
      const held = hold(planned('redis-down'), site);
      input.write('\n');
      await held;
    }
    expect(output().match(/Continuing/g)).toHaveLength(2);
  });

  it('ends with the reason of an interruption', async () => {
    const { hold, interrupted } = pause();
    const held = hold(planned('redis-down'), site);
    interrupted.abort(new Error('interrupted'));
    await expect(held).rejects.toThrow('interrupted');
  });

  it('goes on when the input is closed', async () => {
    const { hold, input, output } = pause();
    input.end();
    await hold(planned('redis-down'), site);
    expect(output()).toContain('The input is closed');
  });
});
