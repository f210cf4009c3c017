import { describe, expect, it } from 'vitest';
import { sampleGeneral } from '../testing/sample-entities.ts';
import { type EntityWrite, nextDocument } from './entity-write.ts';
import { judgeWrite } from './verdict.ts';

const before = sampleGeneral({ version: 5, write_id: 'base', turn_fence: 3 });

function writeWith(fence?: number): EntityWrite {
  return {
    type: 'general',
    document: nextDocument(before, { ...before, gold: 1 }, { writeId: 'mine', nowMs: 0, fence }),
    base: { version: 5, writeId: 'base' },
    fence,
    lists: [],
  };
}

describe('judgeWrite', () => {
  it.each([
    ['absent', null, 'absent'],
    ['the document of this write', { version: 6, write_id: 'mine', turn_fence: 3 }, 'applied'],
    ['another write from the same base', { version: 6, write_id: 'other', turn_fence: 3 }, 'conflict'],
    ['later writes', { version: 7, write_id: 'later', turn_fence: 3 }, 'overtaken'],
    ['the base', { version: 5, write_id: 'base', turn_fence: 3 }, 'failed'],
    [
      'the version of the base by another write',
      { version: 5, write_id: 'other', turn_fence: 3 },
      'conflict',
    ],
    ['an older version', { version: 4, write_id: 'old', turn_fence: 3 }, 'conflict'],
  ] as const)('when the database holds %s', (_what, current, verdict) => {
    expect(judgeWrite(writeWith(), current)).toBe(verdict);
  });

  it('calls a write fenced when a newer token has written the base', () => {
    const current = { version: 5, write_id: 'base', turn_fence: 3 };
    expect(judgeWrite(writeWith(2), current)).toBe('fenced');
    expect(judgeWrite(writeWith(3), current)).toBe('failed');
  });
});

describe('nextDocument', () => {
  it('increments the version that was read, ignoring that of the change', () => {
    const after = { ...before, version: 99, gold: 1 };
    const next = nextDocument(before, after, { writeId: 'w', nowMs: 1_000, fence: undefined });
    expect(next).toMatchObject({
      version: 6,
      write_id: 'w',
      gold: 1,
      turn_fence: 3,
      updated_at: new Date(1_000),
    });
  });

  it('leaves its fencing token in the document', () => {
    const next = nextDocument(before, before, { writeId: 'w', nowMs: 0, fence: 9 });
    expect(next.turn_fence).toBe(9);
  });
});
