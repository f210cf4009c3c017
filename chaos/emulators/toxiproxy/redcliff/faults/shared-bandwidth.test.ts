/** The rate is that of all connections together, and each of them gets on. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../random.ts';
import { Stage } from '../../proxy/stage.ts';
import type { Toxic } from '../../proxy/toxic.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { sharedBandwidth } from './shared-bandwidth.ts';

function setUp(connections: number, rate: number) {
  const clock = new ManualClock();
  const toxics: Toxic[] = [];
  const running = sharedBandwidth.start(
    { rate },
    {
      name: 'line',
      clock,
      random: seededRandom(1),
      host: {
        nextConnection: () => 1,
        addToxic: (toxic) => toxics.push(toxic),
        removeToxic: (toxic) => toxics.splice(toxics.indexOf(toxic), 1),
        addProtocolFault: () => undefined,
        removeProtocolFault: () => undefined,
      },
    },
  );
  const [toxic] = toxics;
  if (toxic === undefined) throw new Error('no toxic was added');
  const received = Array.from({ length: connections }, () => 0);
  const stages = received.map((_, index) => {
    const output = {
      ready: true,
      onReady: () => undefined,
      push: ({ data }: { data: Buffer }) => void (received[index] = (received[index] ?? 0) + data.length),
      end: () => undefined,
    };
    return new Stage(toxic, { clock, random: seededRandom(index), output });
  });
  return { clock, received, stages, running, toxics };
}

const chunk = (bytes: number) => ({ data: Buffer.alloc(bytes), receivedAtMs: 0 });

describe('shared-bandwidth', () => {
  it('gives all connections together the rate, in equal parts while all send', () => {
    const { clock, received, stages, running } = setUp(4, 100);
    for (const stage of stages) stage.push(chunk(100_000));
    clock.advance(1000);
    const sum = received.reduce((total, bytes) => total + bytes, 0);
    expect(sum).toBe(100_000);
    for (const bytes of received) expect(bytes).toBeCloseTo(25_000, -4);
    clock.advance(3000);
    expect(received).toEqual([100_000, 100_000, 100_000, 100_000]);
    expect(running.effect()).toMatchObject({ matched: 4, applied: 4, effects: { bytesDelayed: 400_000 } });
  });

  it('gives the whole rate to a connection that sends alone, and nothing for time that passed unused', () => {
    const { clock, received, stages } = setUp(2, 100);
    clock.advance(10_000);
    stages[0]?.push(chunk(50_000));
    clock.advance(400);
    expect(received).toEqual([40_000, 0]);
    clock.advance(100);
    expect(received).toEqual([50_000, 0]);
  });

  it('lets go what it holds when it is interrupted, and is gone when disposed of', () => {
    const { received, stages, running, toxics } = setUp(1, 1);
    stages[0]?.push(chunk(1000));
    expect(received).toEqual([0]);
    stages[0]?.interrupt();
    expect(received).toEqual([1000]);
    running[Symbol.dispose]();
    expect(toxics).toEqual([]);
  });
});
