import { describe, expect, it } from 'vitest';
import { staleNames } from './invalidate.ts';

describe('staleNames', () => {
  it('names both keys of a general and the list', () => {
    const expected = ['general:byId:s1:s1:g7', 'general:byNo:s1:7', 'generals:list:s1'];
    expect(staleNames('general', 's1', 's1:g7')).toEqual(expected);
    expect(staleNames('general', 's1', 7)).toEqual(expected);
  });

  it('drops all numbers when the id does not tell the number', () => {
    expect(staleNames('general', 's1', 'foreign', ['entity'])).toEqual([
      'general:byId:s1:foreign',
      { prefix: 'general:byNo:s1:' },
    ]);
  });

  it('names every entity of the session without an id', () => {
    expect(staleNames('general', 's1', undefined, ['entity'])).toEqual([
      { prefix: 'general:byId:s1:' },
      { prefix: 'general:byNo:s1:' },
    ]);
    expect(staleNames('city', 's1')).toEqual([
      { prefix: 'city:byId:s1:' },
      'cities:list:s1',
      { prefix: 'cities:nation:s1:' },
    ]);
  });

  it('keeps to the targets asked for', () => {
    expect(staleNames('nation', 's1', 3, ['entity'])).toEqual(['nation:byId:s1:3']);
    expect(staleNames('nation', 's1', 3, ['lists'])).toEqual(['nations:list:s1']);
    expect(staleNames('session', 's1')).toEqual(['session:byId:s1']);
  });
});
