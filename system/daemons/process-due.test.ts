import { describe, expect, it } from 'vitest';
import { SystemError } from '../errors.ts';
import { seededRandom } from '../random.ts';
import type { System } from '../system.ts';
import { collectLogs } from '../testing/collect-logs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type DueWork, dueRounds } from './process-due.ts';

const ids = Array.from({ length: 20 }, (_, index) => `w${index}`);
const running = new AbortController().signal;

function scene(seed: string, run: (id: string) => Promise<{ readonly outcome: string }>) {
  const clock = new ManualClock();
  const { logger, lines } = collectLogs();
  const config = { DAEMON_TICK_MS: 250, DAEMON_RETRY_MAX_MS: 60_000 };
  const system = { clock, random: seededRandom(seed), config, logger } as unknown as System;
  const asked: (readonly string[])[] = [];
  const round = dueRounds(system, running, {
    what: 'auction',
    atOnce: 1,
    deadlineMs: 1_000,
    find: (resting) => {
      asked.push(resting);
      const due = ids.filter((id) => !resting.includes(id));
      return Promise.resolve(due.map((id): DueWork => ({ id, run: () => run(id) })));
    },
  });
  return { clock, lines, asked, round };
}

/** The order in which an instance goes through what is due. */
async function orderOf(seed: string): Promise<readonly string[]> {
  const order: string[] = [];
  await scene(seed, (id) => {
    order.push(id);
    return Promise.resolve({ outcome: 'applied' });
  }).round();
  return order;
}

describe('the round of a daemon', () => {
  it('goes through everything, each instance in an order of its own', async () => {
    const [first, second] = [await orderOf('one'), await orderOf('two')];
    expect(first.toSorted()).toEqual(ids.toSorted());
    expect(second.toSorted()).toEqual(ids.toSorted());
    expect(first).not.toEqual(second);
    expect(first).not.toEqual(ids);
  });

  it('leaves out what failed by itself until its pause is over, and names it in the log', async () => {
    const done: string[] = [];
    const { clock, lines, asked, round } = scene('bad', (id) => {
      if (id === 'w3') return Promise.reject(new SystemError('document_damaged', 'w3: no gold'));
      done.push(id);
      return Promise.resolve({ outcome: 'already' });
    });
    await round();
    expect(done).toHaveLength(ids.length - 1);
    expect(lines).toEqual([expect.objectContaining({ id: 'w3', pauseMs: expect.any(Number) })]);
    expect(lines[0]?.['error']).toContain('w3: no gold');
    await round();
    expect(asked).toEqual([[], ['w3']]);
    await clock.advance(1_000);
    await round();
    expect(asked[2]).toEqual([]);
  });

  it('tries again at once what another instance is on', async () => {
    const { asked, lines, round } = scene('held', () =>
      Promise.reject(new SystemError('lock_not_acquired', 'held')),
    );
    await round();
    await round();
    expect(asked).toEqual([[], []]);
    expect(lines).toEqual([]);
  });
});
