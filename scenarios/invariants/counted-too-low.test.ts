import { expect, it } from 'vitest';
import { countedTooLow } from './counted-too-low.ts';
import { evidence, general, operation } from './testing/literal.ts';

const seeded = evidence({ initial: { generals: [general(1, { action_count: 4, version: 7 })] } });
const trained = (actionCount: number, version: number, times: readonly [number, number]) =>
  operation(actionCount, 'train', 'ok', { no: 1, amount: 1, actionCount, version }, times);

it('an action counts itself and those before it, and others may come in between', () => {
  const history = [trained(5, 8, [0, 10]), trained(7, 20, [20, 30]), trained(6, 10, [15, 40])];
  expect(countedTooLow(history, seeded)).toEqual([]);
});

it('an answer that counts only what was before is found, by either number', () => {
  expect(countedTooLow([trained(4, 8, [0, 10])], seeded)).toHaveLength(1);
  expect(countedTooLow([trained(5, 8, [0, 10]), trained(6, 8, [20, 30])], seeded)).toHaveLength(1);
});

it('says nothing of a general that was hired, or where nothing was read at the beginning', () => {
  expect(countedTooLow([trained(1, 1, [0, 10])], evidence())).toEqual([]);
});
