import { describe, expect, it } from 'vitest';
import { decide, electionTimeoutMs, type Heard, type Heartbeat } from './member-role.ts';

const nowMs = 100_000;

function member(index: number, told: Partial<Heard> = {}): Heard {
  return { index, isPrimary: false, mayLead: true, atMs: nowMs, ...told };
}

function decided(self: Heartbeat, heard: readonly Heard[], preferredSinceMs: number | null = null) {
  return decide({ self, heard, members: 3, nowMs, preferredSinceMs });
}

const silent = { atMs: nowMs - electionTimeoutMs };

describe('a member of a stood-in replica set', () => {
  it('is primary when it is the first and hears one of the others', () => {
    expect(decided(member(0), [member(1)])).toEqual({ isPrimary: true, isPreferred: true });
    expect(decided(member(1), [member(0), member(2)])).toEqual({ isPrimary: false, isPreferred: false });
  });

  it('steps down when it has heard no other member for an election timeout', () => {
    const first = member(0, { isPrimary: true });
    expect(decided(first, []).isPrimary).toBe(false);
    expect(decided(first, [member(1, silent), member(2, silent)]).isPrimary).toBe(false);
    expect(decided(first, [member(1, { atMs: nowMs - electionTimeoutMs + 1 })]).isPrimary).toBe(true);
  });

  it('follows a first member that is silent, and keeps the role until that one is primary again', () => {
    expect(decided(member(1), [member(0, { ...silent, isPrimary: true }), member(2)]).isPrimary).toBe(true);
    const second = member(1, { isPrimary: true });
    expect(decided(second, [member(0), member(2)]).isPrimary).toBe(true);
    expect(decided(second, [member(0, { isPrimary: true }), member(2)]).isPrimary).toBe(false);
  });

  it('takes the role back from another after a while', () => {
    const others = [member(1, { isPrimary: true }), member(2)];
    expect(decided(member(0), others).isPrimary).toBe(false);
    expect(decided(member(0), others, nowMs - electionTimeoutMs + 1).isPrimary).toBe(false);
    expect(decided(member(0), others, nowMs - electionTimeoutMs).isPrimary).toBe(true);
  });

  it('follows at once one that was told to step down, and stays down as long as that was told', () => {
    expect(decided(member(1), [member(0, { mayLead: false }), member(2)]).isPrimary).toBe(true);
    expect(decided(member(0, { mayLead: false }), [member(1), member(2)]).isPrimary).toBe(false);
  });
});
