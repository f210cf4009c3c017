import { expect, it } from 'vitest';
import { imageOf, imageVariable } from './images.ts';
import { replicaSetConfig } from './replica-set.ts';

it('of three members the first is preferred, so that the system finds the primary behind its proxy again', () => {
  const { members, settings } = replicaSetConfig(3);
  expect(members.map(({ host }) => host)).toEqual(['member-1:27017', 'member-2:27017', 'member-3:27017']);
  const [first, ...others] = members.map(({ priority }) => priority);
  expect(others.every((priority) => priority > 0 && priority < Number(first))).toBe(true);
  // A priority takeover waits for an election timeout: with MongoDB's default of ten seconds no cell would be at rest in time.
  expect(settings.electionTimeoutMillis).toBeLessThanOrEqual(2_000);
});

it('of one member the only one is the primary', () => {
  expect(replicaSetConfig(1).members).toHaveLength(1);
});

it('an image is replaced by its variable, unless that is empty', () => {
  expect(imageOf('redis', { [imageVariable('redis')]: 'mirror/redis:1' })).toBe('mirror/redis:1');
  expect(imageOf('redis', { REDCLIFF_REDIS_IMAGE: '' })).toBe(imageOf('redis', {}));
});
