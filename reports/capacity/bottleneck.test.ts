import { describe, expect, it } from 'vitest';
import { type LoadStep, nameBottleneck, type Utilisation } from './bottleneck.ts';

const of = (kind: Utilisation['kind'], resource: string, value: number): Utilisation => ({
  resource,
  kind,
  value,
  detail: '',
});
/** Throughput that stops growing at a load of 8. */
const plateau = (utilisations: (load: number) => Utilisation[]): LoadStep[] =>
  [1, 2, 4, 8, 16, 32].map((load) => ({
    load,
    throughputPerSecond: 100 * Math.min(load, 8),
    utilisations: utilisations(Math.min(load, 8)),
  }));

describe('naming the bottleneck', () => {
  it('names the event loop that is busy, with the evidence', () => {
    const found = nameBottleneck(
      plateau((load) => [
        of('event-loop', 'event loop of api-1', load / 8),
        of('processors', 'processors', load / 16),
      ]),
    );
    expect(found).toMatchObject({ resource: 'event loop of api-1', kind: 'event-loop' });
    expect(found.evidence[0]).toContain('100 % in use');
    expect(found.evidence[1]).toContain('stays at 800/s');
  });

  it('names the processors before an event loop that waits for them', () => {
    const found = nameBottleneck(
      plateau((load) => [
        of('event-loop', 'event loop of api-1', load / 8),
        of('processors', 'processors', load / 8),
      ]),
    );
    expect(found.resource).toBe('processors');
  });

  it('names a full pool when nothing else is busy, and not when something is', () => {
    const pool = (load: number) => of('pool', 'MongoDB pool of api-1', load >= 4 ? 1 : load / 4);
    const idle = nameBottleneck(
      plateau((load) => [pool(load), of('event-loop', 'event loop of api-1', 0.3)]),
    );
    expect(idle).toMatchObject({ resource: 'MongoDB pool of api-1', kind: 'pool' });
    const busy = nameBottleneck(
      plateau((load) => [pool(load), of('event-loop', 'event loop of api-1', 0.95)]),
    );
    expect(busy.kind).toBe('event-loop');
  });

  it('finds work done one at a time when there is a ceiling and nothing is busy', () => {
    const found = nameBottleneck(plateau(() => [of('event-loop', 'event loop of api-1', 0.1)]));
    expect(found.kind).toBe('serialisation');
  });

  it('names nothing while throughput still grows, full pool or not', () => {
    const steps = [1, 2, 4, 8].map((load) => ({
      load,
      throughputPerSecond: 100 * load,
      utilisations: [of('pool', 'pool', 1), of('event-loop', 'loop', 0.5)],
    }));
    expect(nameBottleneck(steps)).toMatchObject({ resource: null, kind: 'none' });
    expect(nameBottleneck([])).toMatchObject({ resource: null, kind: 'none' });
  });
});
