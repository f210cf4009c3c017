import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineFault, type FaultContext, onlyOnce } from './fault.ts';

test('healing that succeeded is not done again', async () => {
  let healed = 0;
  const heal = onlyOnce(() => Promise.resolve(void (healed += 1)));
  await Promise.all([heal(), heal()]);
  await heal();
  expect(healed).toBe(1);
});

test('healing that failed is tried again', async () => {
  let tries = 0;
  const heal = onlyOnce(() => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve();
  });
  await expect(heal()).rejects.toThrow('not yet');
  await heal();
  await heal();
  expect(tries).toBe(2);
});

test('parameters of another shape are refused before anything is broken', async () => {
  const applied: number[] = [];
  const fault = defineFault({
    name: 'late',
    title: 'late',
    needs: [],
    breaks: ['redis'],
    proofNeeds: [],
    parameters: z.strictObject({ byMs: z.int().positive() }),
    draw: () => ({ byMs: 1 }),
    apply: (_, { byMs }) => {
      applied.push(byMs);
      const effect = () => Promise.resolve({ observed: true, evidence: '', measures: {} });
      return Promise.resolve({ effect, heal: () => Promise.resolve() });
    },
  });
  // The fault uses only its parameters.
  const nothing = {} as FaultContext;
  const apply = async (parameters: Record<string, unknown>) => await fault.apply(nothing, parameters);
  await expect(apply({ byMs: -1 })).rejects.toThrow(z.ZodError);
  await expect(apply({})).rejects.toThrow(/byMs/);
  expect(() => fault.check({ byMs: 3, more: 1 })).toThrow(/more/);
  expect(applied).toEqual([]);
  await apply({ byMs: 5 });
  expect(applied).toEqual([5]);
});
