import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../clock.ts';
import { listenForInterruption } from './interruption.ts';

function setUp() {
  const source = new EventEmitter();
  const calls: string[] = [];
  let nowMs = 0;
  const clock: Clock = { ...systemClock, monotonicMs: () => nowMs };
  const interruption = listenForInterruption({
    source,
    clock,
    killEverything: () => calls.push('kill'),
    exit: (status) => calls.push(`exit ${status}`),
  });
  const send = (signal: string, atMs: number) => {
    nowMs = atMs;
    source.emit(signal, signal);
  };
  return { source, calls, interruption, send };
}

describe('listenForInterruption', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('aborts at the first %s', (signal) => {
    const { calls, interruption, send } = setUp();
    expect(interruption.signal.aborted).toBe(false);
    send(signal, 0);
    expect(interruption.signal.reason).toMatchObject({ code: 'interrupted', exitStatus: 130 });
    expect(interruption.signal.reason.message).toContain(signal);
    expect(calls).toEqual([]);
  });

  it('kills everything and exits at the second', () => {
    const { calls, send } = setUp();
    send('SIGINT', 0);
    send('SIGINT', 2_000);
    expect(calls).toEqual(['kill', 'exit 130']);
  });

  it('takes the same Ctrl-C, passed on by npm, for one', () => {
    const { calls, send } = setUp();
    send('SIGINT', 0);
    send('SIGINT', 20);
    expect(calls).toEqual([]);
    send('SIGINT', 900);
    expect(calls).toEqual(['kill', 'exit 130']);
  });

  it('leaves the signals alone after disposal', () => {
    const { source, interruption } = setUp();
    interruption[Symbol.dispose]();
    expect(source.eventNames()).toEqual([]);
  });
});
