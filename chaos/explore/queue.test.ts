import { expect, it } from 'vitest';
import { callFaultKinds } from '../faults/at-call/call-parameters.ts';
import { traitsOf } from '../faults/at-call/store-errors.ts';
import { candidateId } from './candidates.ts';
import { InjectionQueue } from './queue.ts';
import type { Site } from './sites.ts';

const site = (operation: string, given: Partial<Site> = {}): Site => ({
  operation,
  role: 'api',
  store: 'redis',
  command: 'SET',
  target: 'cart:*',
  nth: 1,
  after: null,
  follows: 'api redis DEL lock:*',
  traits: traitsOf('SET'),
  ...given,
});

function queueOf(...sites: Site[]): InjectionQueue {
  const queue = new InjectionQueue(new Set(callFaultKinds));
  queue.addSites(sites);
  return queue;
}

const ids = (queue: InjectionQueue): string[] => queue.next().map(candidateId);
const survived = (signature: string) => ({ result: 'survived' as const, signature });

it('tries each fault at every site before the next fault', () => {
  const first = ids(queueOf(site('add'), site('read', { command: 'GET', traits: traitsOf('GET') }))).slice(
    0,
    4,
  );
  expect(first).toEqual([
    'add: api SET cart:* × cut-before',
    'read: api GET cart:* × cut-before',
    'add: api SET cart:* × lose-reply',
    'read: api GET cart:* × lose-reply',
  ]);
});

it('skips further errors when two were treated alike', () => {
  const queue = queueOf(site('add'));
  queue.learn('add: api SET cart:* × BUSY', survived('ok'));
  expect(queue.skippable()).toEqual([]);
  queue.learn('add: api SET cart:* × LOADING', survived('ok'));
  expect(queue.skippable().map(({ candidate }) => candidateId(candidate))).toEqual([
    'add: api SET cart:* × OOM',
    'add: api SET cart:* × READONLY',
  ]);
});

it('skips what a site with the same call before the same calls showed, once the cut behaved alike at both', () => {
  const queue = queueOf(site('add'), site('check out'));
  queue.learn('add: api SET cart:* × cut-before', survived('info 500 | a'));
  queue.learn('add: api SET cart:* × lose-reply', survived('info 500 | b'));
  queue.learn('check out: api SET cart:* × cut-before', survived('info 500 | other'));
  expect(queue.skippable()).toEqual([]);
  queue.learn('check out: api SET cart:* × cut-before', survived('info 500 | a'));
  expect(queue.skippable().map(({ candidate }) => candidateId(candidate))).toEqual([
    'check out: api SET cart:* × lose-reply',
  ]);
});

it('never skips by what was violated, nor where other calls follow', () => {
  const queue = queueOf(site('add'), site('check out', { follows: '' }));
  for (const operation of ['add', 'check out'])
    queue.learn(`${operation}: api SET cart:* × cut-before`, survived('same'));
  queue.learn('add: api SET cart:* × lose-reply', survived('x'));
  expect(queue.skippable()).toEqual([]);
  const violated = queueOf(site('add'), site('check out'));
  for (const operation of ['add', 'check out'])
    violated.learn(`${operation}: api SET cart:* × cut-before`, survived('same'));
  violated.learn('add: api SET cart:* × lose-reply', { result: 'violated', signature: 'x' });
  expect(violated.skippable()).toEqual([]);
});

it('a kill before a call is the kill after the one before it', () => {
  const [skipped] = queueOf(site('add', { after: 'add: api GET cart:*' })).skippable();
  expect(skipped?.reason).toBe('the stores are then as after a kill after add: api GET cart:*');
});

it('leaves what is like a violation for the end, and gives up after three tries', () => {
  const queue = queueOf(site('add'), site('read', { command: 'GET', traits: traitsOf('GET') }));
  const [first] = queue.next();
  if (first === undefined) throw new Error('the queue is empty');
  queue.learn(candidateId(first), { result: 'violated', signature: '' });
  queue.suspectLike(first);
  expect(ids(queue).every((id) => id.startsWith('read:'))).toBe(true);
  const [next] = queue.next();
  if (next === undefined) throw new Error('the queue is empty');
  expect([queue.again(next), queue.again(next), queue.again(next)]).toEqual([true, true, false]);
});
