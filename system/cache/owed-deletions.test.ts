import { describe, expect, it } from 'vitest';
import { OwedDeletions } from './owed-deletions.ts';

describe('OwedDeletions', () => {
  it('distrusts a key until its debt is settled', () => {
    const owed = new OwedDeletions();
    const debt = owed.add(['general:byId:s:1']);
    expect(owed.has('general:byId:s:1')).toBe(true);
    expect(owed.has('general:byId:s:2')).toBe(false);
    owed.settle(debt);
    expect(owed.has('general:byId:s:1')).toBe(false);
  });

  it('distrusts every key that begins like a prefix', () => {
    const owed = new OwedDeletions();
    const debt = owed.add([{ prefix: 'general:byId:s:' }]);
    expect(owed.has('general:byId:s:77')).toBe(true);
    expect(owed.has('general:byId:t:77')).toBe(false);
    owed.settle(debt);
    expect(owed.has('general:byId:s:77')).toBe(false);
  });

  it('keeps a newer debt when an older one is settled', () => {
    const owed = new OwedDeletions();
    const older = owed.add(['k']);
    const newer = owed.add(['k']);
    owed.settle(older);
    expect(owed.has('k')).toBe(true);
    owed.settle(newer);
    expect(owed.size).toBe(0);
  });
});
