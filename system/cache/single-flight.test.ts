import { describe, expect, it } from 'vitest';
import { SingleFlight } from './single-flight.ts';

function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { promise, resolve, reject };
}

describe('SingleFlight', () => {
  it('loads once for concurrent callers and again for later ones', async () => {
    const flights = new SingleFlight();
    const load = controlled();
    let loads = 0;
    const run = () =>
      flights.run('k', () => {
        loads += 1;
        return load.promise;
      });
    const callers = Array.from({ length: 1_000 }, run);
    load.resolve('value');
    expect(new Set(await Promise.all(callers))).toEqual(new Set(['value']));
    expect(loads).toBe(1);
    await run();
    expect(loads).toBe(2);
  });

  it('loads once when the load fails, and tells every caller', async () => {
    const flights = new SingleFlight();
    const load = controlled();
    let loads = 0;
    const run = () =>
      flights.run('k', () => {
        loads += 1;
        return load.promise;
      });
    const callers = [run(), run()];
    load.reject(new Error('down'));
    const results = await Promise.allSettled(callers);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(loads).toBe(1);
  });

  it('does not let a caller join a load that was invalidated', async () => {
    const flights = new SingleFlight();
    const [before, after] = [controlled(), controlled()];
    const first = flights.run('k', async (flight) => `${await before.promise} ${flight.current}`);
    flights.detach('k');
    const second = flights.run('k', async (flight) => `${await after.promise} ${flight.current}`);
    after.resolve('new');
    before.resolve('old');
    expect(await first).toBe('old false');
    expect(await second).toBe('new true');
  });

  it('keeps the newer load joinable when the detached one ends', async () => {
    const flights = new SingleFlight();
    const [before, after] = [controlled(), controlled()];
    const first = flights.run('k', () => before.promise);
    flights.detachPrefix('k');
    const second = flights.run('k', () => after.promise);
    before.resolve('old');
    await first;
    const third = flights.run('k', () => Promise.resolve('a load of its own'));
    after.resolve('new');
    expect([await second, await third]).toEqual(['new', 'new']);
  });
});
