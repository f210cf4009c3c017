import { expect, test } from 'vitest';
import { cardOf, evenlySpread } from './deck.ts';

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

test('spreads choices: of 20 in a row one falls into each twentieth, and a seed gives the same ones', () => {
  const draws = Array.from({ length: 60 }, (_, draw) => evenlySpread('s', 'players', draw));
  for (const block of [draws.slice(0, 20), draws.slice(20, 40), draws.slice(40)]) {
    const twentieths = block.map((draw) => Math.floor(draw * 20)).toSorted((one, other) => one - other);
    expect(twentieths).toEqual(Array.from({ length: 20 }, (_, index) => index));
  }
  expect(evenlySpread('s', 'players', 7)).toBe(draws[7]);
  expect(evenlySpread('t', 'players', 7)).not.toBe(draws[7]);
});
