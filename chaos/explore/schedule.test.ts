import { expect, it } from 'vitest';
import { traitsOf } from '../faults/at-call/store-errors.ts';
import { type Candidate, candidateId, candidatesAt } from './candidates.ts';
import { narrowedDurationMs, placeInjections, repeatInjection } from './schedule.ts';
import { type Occasion, type Site, siteName } from './sites.ts';

const limits = { lateMs: 1_500, pauseMs: 2_500, startMs: 1_000 };
const site = (operation: string | null, command: string): Site => ({
  operation,
  role: 'api',
  store: 'redis',
  command,
  target: 'k:*',
  nth: 1,
  after: null,
  follows: '',
  traits: traitsOf(command),
});
const sitesWith = (occasions: readonly Occasion[]) => ({ byName: new Map(), occasions });
const every50Ms = (count: number, name: (index: number) => string): Occasion[] =>
  Array.from({ length: count }, (_, index) => ({
    site: name(index),
    operation: index,
    fromMs: 50 * index,
    atMs: 50 * index + 10,
  }));
const quick = (one: Site): Candidate[] => candidatesAt(one, new Set(['cut-before', 'lose-reply', 'error']));

it('places each at an operation that makes its call, and apart from the others', () => {
  const [read, write] = [site('read', 'GET'), site('write', 'SET')];
  const occasions = every50Ms(400, (index) => siteName(index % 10 === 0 ? write : read));
  const queue = [...quick(read), ...quick(write)];
  const { placed, durationMs } = placeInjections(queue, sitesWith(occasions), limits, {
    durationMs: 20_000,
    most: 100,
  });
  expect(placed.map(({ candidate }) => candidateId(candidate)).toSorted()).toEqual(
    queue.map(candidateId).toSorted(),
  );
  for (const { candidate, applyAtMs } of placed) {
    const met = occasions.find(({ fromMs }) => fromMs === applyAtMs);
    expect(met?.site).toBe(candidate.siteName);
  }
  const starts = placed.map(({ applyAtMs }) => applyAtMs);
  expect(Math.min(...starts.slice(1).map((at, index) => at - (starts[index] ?? 0)))).toBeGreaterThanOrEqual(
    100,
  );
  expect(durationMs).toBe(Math.max(...placed.map(({ healAtMs }) => healAtMs)) + 1_500);
});

it('leaves time after the last for what lasts', () => {
  const read = site('read', 'GET');
  const occasions = every50Ms(60, () => siteName(read));
  const { placed } = placeInjections(candidatesAt(read, new Set(['pause'])), sitesWith(occasions), limits, {
    durationMs: 4_000,
    most: 100,
  });
  expect(placed).toEqual([]);
});

it('places what a process does by itself without any operation', () => {
  const own = site(null, 'LPOP');
  const { placed } = placeInjections(quick(own), sitesWith([]), limits, { durationMs: 20_000, most: 3 });
  expect(placed).toHaveLength(3);
});

it('repeats one injection at operations that make its call', () => {
  const [read, write] = [site('read', 'GET'), site('write', 'SET')];
  const occasions = every50Ms(400, (index) => siteName(index % 10 === 0 ? write : read));
  const [candidate] = quick(write);
  if (candidate === undefined) throw new Error('a write can be cut');
  const room = { durationMs: 20_000, most: 12 };
  const { placed } = repeatInjection(candidate, sitesWith(occasions), limits, room);
  expect(placed).toHaveLength(12);
  expect(new Set(placed.map((each) => candidateId(each.candidate)))).toEqual(
    new Set([candidateId(candidate)]),
  );
  expect(placed.every(({ applyAtMs }) => applyAtMs % 500 === 0)).toBe(true);
});

it('keeps the operations of the witness in a narrowed load', () => {
  const [candidate] = quick(site('write', 'SET'));
  if (candidate === undefined) throw new Error('a write can be cut');
  const placed = [{ candidate, applyAtMs: 1_000, healAtMs: 1_250 }];
  const whole = { durationMs: 20_000 };
  expect(narrowedDurationMs(placed, 5_000, whole)).toBe(6_500);
  expect(narrowedDurationMs(placed, 900, whole)).toBe(2_750);
  expect(narrowedDurationMs(placed, 19_500, whole)).toBe(20_000);
  expect(narrowedDurationMs(placed, null, whole)).toBe(20_000);
});
