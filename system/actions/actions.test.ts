import { describe, expect, it } from 'vitest';
import { Deadline } from '../deadline.ts';
import { recentKeysLimit } from '../models/general.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { sampleGeneral } from '../testing/sample-entities.ts';
import { applyCommand, type Command, commandSchema } from './command.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { fingerprint, mayBeForgotten, recall, remember } from './remembered-answer.ts';

const reserve: Command = { command: 'reserve', slot: 3, order: 'march' };

describe('applyCommand', () => {
  it('puts an order into its slot and leaves the others', () => {
    const general = applyCommand(sampleGeneral({ orders: { 1: 'rest' } }), reserve, 1_000);
    expect(general.orders).toEqual({ 1: 'rest', 3: 'march' });
    expect(general).toMatchObject({
      action_count: 1,
      last_action: 'reserve',
      last_action_at: new Date(1_000),
    });
  });

  it('trains', () => {
    const general = applyCommand(sampleGeneral({ experience: 10 }), { command: 'train', amount: 5 }, 0);
    expect(general).toMatchObject({ experience: 15, action_count: 1 });
  });
});

describe('commandSchema', () => {
  it.each([
    { command: 'reserve', slot: 50, order: 'x' },
    { command: 'reserve', slot: -1, order: 'x' },
    { command: 'reserve', slot: 1.5, order: 'x' },
    { command: 'reserve', slot: 1, order: '' },
    { command: 'train', amount: 0 },
    { command: 'train', amount: 1, slot: 1 },
    { command: 'flee' },
    {},
    null,
  ])('refuses %j', (input) => {
    expect(commandSchema.safeParse(input).success).toBe(false);
  });
});

describe('remembered answers', () => {
  const result = { no: 7, version: 2, actionCount: 1 };

  it('recall the same request and tell it from another under its key', () => {
    const general = remember(sampleGeneral(), 'key', fingerprint(reserve), result);
    expect(recall(general, 'key', fingerprint(reserve))).toEqual({ kind: 'answered', result });
    expect(recall(general, 'key', fingerprint({ ...reserve, slot: 4 }))).toEqual({ kind: 'reused' });
    expect(recall(general, 'other', fingerprint(reserve))).toEqual({ kind: 'new' });
  });

  it('do not depend on the order of the fields', () => {
    const reordered = { order: 'march', slot: 3, command: 'reserve' } as const;
    expect(fingerprint(reordered)).toBe(fingerprint(reserve));
  });

  it('forget the oldest, and know when their silence proves nothing', () => {
    let general = sampleGeneral();
    for (let index = 0; index <= recentKeysLimit; index += 1) {
      general = remember(general, `key-${index}`, 'f', result);
    }
    expect(general.recent_keys).toHaveLength(recentKeysLimit);
    expect(recall(general, 'key-0', 'f').kind).toBe('new');
    expect(mayBeForgotten(sampleGeneral({ version: 40 }), 7)).toBe(true);
    expect(mayBeForgotten(sampleGeneral({ version: 39 }), 7)).toBe(false);
  });
});

describe('KeyedQueue', () => {
  it('runs work under one key in order, also after a failure, and other keys beside it', async () => {
    const queue = new KeyedQueue();
    using deadline = new Deadline(new ManualClock(), 1_000);
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = queue.run('a', deadline, async () => {
      await gate.promise;
      log.push('first');
      throw new Error('failed');
    });
    const second = queue.run('a', deadline, () => Promise.resolve(log.push('second')));
    await queue.run('b', deadline, () => Promise.resolve(log.push('other')));
    gate.resolve();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(log).toEqual(['other', 'first', 'second']);
  });

  it('ends the wait of a caller without time left, and keeps the order of the others', async () => {
    const clock = new ManualClock();
    const queue = new KeyedQueue();
    using short = new Deadline(clock, 100);
    using long = new Deadline(clock, 1_000);
    const gate = Promise.withResolvers<void>();
    const log: string[] = [];
    const first = queue.run('a', long, () => gate.promise.then(() => log.push('first')));
    const second = queue.run('a', short, () => Promise.resolve(log.push('never')));
    second.catch(() => undefined);
    const third = queue.run('a', long, () => Promise.resolve(log.push('third')));
    await clock.advance(100);
    await expect(second).rejects.toMatchObject({ code: 'deadline_exceeded' });
    gate.resolve();
    await Promise.all([first, third]);
    expect(log).toEqual(['first', 'third']);
  });
});
