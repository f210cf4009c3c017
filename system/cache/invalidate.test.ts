import { describe, expect, it } from 'vitest';
import { staleKeys } from './invalidate.ts';

describe('staleKeys', () => {
  it('names both keys of a general and the list', () => {
    const expected = ['general:byId:s1:s1:g7', 'general:byNo:s1:7', 'generals:list:s1'];
    expect(staleKeys('general', 's1', 's1:g7')).toEqual(expected);
    expect(staleKeys('general', 's1', 7)).toEqual(expected);
  });

  it('drops all numbers when the id does not tell the number', () => {
    expect(staleKeys('general', 's1', 'foreign', ['entity'])).toEqual([
      'general:byId:s1:foreign',
      'general:byNo:s1:*',
    ]);
  });

  it('names every entity of the session without an id', () => {
    expect(staleKeys('general', 's1', undefined, ['entity'])).toEqual([
      'general:byId:s1:*',
      'general:byNo:s1:*',
    ]);
    expect(staleKeys('city', 's1')).toEqual(['city:byId:s1:*', 'cities:list:s1', 'cities:nation:s1:*']);
  });

  it('keeps to the targets asked for', () => {
    expect(staleKeys('nation', 's1', 3, ['entity'])).toEqual(['nation:byId:s1:3']);
    expect(staleKeys('nation', 's1', 3, ['lists'])).toEqual(['nations:list:s1']);
    expect(staleKeys('session', 's1')).toEqual(['session:byId:s1']);
  });
});
