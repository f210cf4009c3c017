/**
 * Every fault on the real system: felt when somebody is there to feel it, said not to be when nobody is, and gone without a
 * trace once it is healed.
 */
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { systemClock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import type { Stack } from '../stack/contract.ts';
import { allDown } from './all-down.ts';
import type { Effect, Fault } from './fault.ts';
import { faults } from './registry.ts';
import { type FaultRig, type FeltSystem, openFaultRig } from './testing/felt-system.ts';

/** Long enough for a request to meet the fault; faults that take longer wait by themselves. */
const lastingMs = { amongClients: 500, alone: 100 };
const recoveryLimitMs = 30_000;
/** Guards against hanging. */
const limitMs = 60_000;

let rig: FaultRig;
beforeAll(async () => (rig = await openFaultRig()), limitMs);
afterAll(() => rig[Symbol.asyncDispose]());

describe('while nobody talks to Redis and MongoDB', () => {
  test.for(faults)('$name is said not to have been felt', { timeout: limitMs }, async (fault, context) => {
    skipUnlessAble(fault, context);
    const effect = await breakAndHeal(rig, undefined, fault, { searchMs: 50 });
    expect(effect).toMatchObject({ observed: false });
    expect(effect.evidence).not.toBe('');
  });
});

test('all-down needs no Toxiproxy that can do more than the original', async () => {
  const context = rig.context();
  const plain = Object.create(context.stack, { capabilities: { value: new Set() } }) as Stack;
  const enabled = async () => Object.values(await context.toxiproxy.getAll()).map((proxy) => proxy.enabled);
  const active = await allDown.apply({ ...context, stack: plain }, {});
  expect(await enabled()).toEqual([false, false]);
  await active.heal();
  expect(await enabled()).toEqual([true, true]);
});

describe('while the system works', () => {
  let felt: FeltSystem;
  beforeAll(async () => {
    felt = await rig.startSystem();
    await felt.works(recoveryLimitMs);
  }, limitMs);
  afterAll(() => felt[Symbol.asyncDispose]());

  test.for(faults)(
    '$name is felt, and after healing everything works again',
    { timeout: limitMs },
    async (fault, context) => {
      skipUnlessAble(fault, context);
      const effect = await breakAndHeal(rig, felt, fault, {});
      expect(effect).toMatchObject({ observed: true });
      for (const measure of Object.values(effect.measures)) expect(Number.isFinite(measure)).toBe(true);
      await felt.works(recoveryLimitMs);
      expect(felt.system.unexpectedExits()).toEqual([]);
    },
  );
});

/** `chaos/stack/docker` has the tests of what a stack of processes cannot do. */
function skipUnlessAble({ needs }: Fault, { skip }: TestContext): void {
  const lacking = needs.filter((need) => !rig.stack.capabilities.has(need));
  if (lacking.length > 0) skip(`the local stack cannot do ${lacking.join(', ')}`);
}

async function breakAndHeal(
  { context }: FaultRig,
  felt: FeltSystem | undefined,
  fault: Fault,
  changed: { readonly searchMs?: number },
): Promise<Effect> {
  const drawn = fault.draw(seededRandom(`faults/${fault.name}`));
  const searchMs = changed.searchMs ?? 10_000;
  const parameters = 'searchMs' in drawn ? { ...drawn, searchMs } : drawn;
  const active = await fault.apply(context(felt?.system), parameters);
  try {
    await systemClock.sleep(felt === undefined ? lastingMs.alone : lastingMs.amongClients);
    return await active.effect();
  } finally {
    await active.heal();
    await active.heal();
  }
}
