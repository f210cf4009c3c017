import { expect, it } from 'vitest';
import { cacheKeys, epochKey, heartbeatsKey, leaseKey, syncKeys } from '../system/cache/keys.ts';
import { lockKeys } from '../system/lock/keys.ts';
import { keyMatcher } from '../chaos/observe/key-patterns.ts';
import { keyPatterns } from './keys.ts';

const isSystemKey = keyMatcher(keyPatterns);

const cached = [
  cacheKeys.cities('s1'),
  cacheKeys.citiesOfNation('s1', 1),
  cacheKeys.city('s1', 1),
  cacheKeys.general('s1', 's1:g1'),
  cacheKeys.generalByNo('s1', 1),
  cacheKeys.generals('s1'),
  cacheKeys.nation('s1', 1),
  cacheKeys.nations('s1'),
  cacheKeys.session('s1'),
];
const locks = [
  lockKeys.auction('s1', 'a'),
  lockKeys.battle('s1:b1'),
  lockKeys.city('s1', 1),
  lockKeys.nation('s1', 1),
  lockKeys.session('s1'),
  lockKeys.tournamentRound('s1:t1', 1),
  lockKeys.turn('s1'),
];
const others = [epochKey, heartbeatsKey, syncKeys.stream, syncKeys.deadLetters, syncKeys.results('p')];

it('has a case for every name that the system knows', () => {
  expect(cached).toHaveLength(Object.keys(cacheKeys).length);
  expect(locks).toHaveLength(Object.keys(lockKeys).length);
});

it.each([...cached, ...cached.map(leaseKey), ...locks, ...others])('knows %s', (key) => {
  expect(isSystemKey(key)).toBe(true);
});

it.each(['cart:42', 'sync:other', 'session:42', 'general:byName:s1', 'my:session:lock:1', 'redcliff:owner'])(
  'leaves %s alone',
  (key) => {
    expect(isSystemKey(key)).toBe(false);
  },
);
