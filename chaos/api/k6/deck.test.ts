import { expect, test } from 'vitest';
import { cardOf } from './deck.ts';

const deck = ['turn', 'turn', 'auction', 'war', 'court'];
const drawn = (seed: string, from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => cardOf(deck, seed, 'events', from + index));

test.each(['a', 'b', 'c'])('seed %s: every round has each card as often as the deck', (seed) => {
  for (const round of [0, 1, 7]) {
    expect(drawn(seed, round * deck.length, deck.length).toSorted()).toEqual(deck.toSorted());
  }
});

test('the same seed draws the same, another one and another round something else', () => {
  expect(drawn('a', 0, 50)).toEqual(drawn('a', 0, 50));
  expect(drawn('a', 0, 50)).not.toEqual(drawn('b', 0, 50));
  const rounds = [0, 1, 2, 3, 4].map((round) => drawn('a', round * deck.length, deck.length).join());
  expect(new Set(rounds).size).toBeGreaterThan(1);
});
