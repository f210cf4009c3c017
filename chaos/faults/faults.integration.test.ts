/** Every fault on a running target: its effect is observed when there are clients, is not when there are none, and nothing of it is left once it is healed. */
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import type { Effect, Fault, FaultContext } from '../api/fault.ts';
import { systemClock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import type { Stack } from '../stack/contract.ts';
import { type BusyTarget, type FaultRig, openFaultRig } from '../testing/fault-rig.ts';
import { samplePlanning } from '../testing/sample/sample.ts';
import { allDown } from './network.ts';

const faults = [...samplePlanning.faults.values()];
/** Long enough for a request to meet the fault; faults that take longer wait by themselves. */
const lastingMs = { withClients: 500, ofRareEffects: 3_000, without: 100 };
const recoveryLimitMs = 30_000;
/** Guards against hanging. */
const limitMs = 60_000;

let rig: FaultRig;
beforeAll(async () => (rig = await openFaultRig()), limitMs);
afterAll(() => rig[Symbol.asyncDispose]());

describe('without clients of Redis and MongoDB', () => {
  test.for(faults)('the effect of $name is not observed', { timeout: limitMs }, async (fault, context) => {
    skipUnlessAble(fault, context);
    const effect = await breakAndHeal(rig.context, fault, lastingMs.without);
    expect(effect).toMatchObject({ observed: false });
    expect(effect.evidence).not.toBe('');
  });
});

test('all-down needs no Toxiproxy that can do more than the original', async () => {
  const { context } = rig;
  const toxiproxy = new Toxiproxy(context.proxies.api);
  const plain = Object.create(context.stack, { capabilities: { value: new Set() } }) as Stack;
  const enabled = async () => Object.values(await toxiproxy.getAll()).map((proxy) => proxy.enabled);
  const active = await allDown.apply({ ...context, stack: plain }, {});
  expect(await enabled()).toEqual([false, false]);
  await active.heal();
  expect(await enabled()).toEqual([true, true]);
});

describe('while the target works', () => {
  let busy: BusyTarget;
  beforeAll(async () => {
    busy = await rig.startTarget();
    await busy.works(recoveryLimitMs);
  }, limitMs);
  afterAll(() => busy[Symbol.asyncDispose]());

  test.for(faults)(
    'the effect of $name is observed, and after healing everything works again',
    { timeout: limitMs },
    async (fault, context) => {
      skipUnlessAble(fault, context);
      const effect = await breakAndHeal(busy.running.faultContext, fault, lastingMs.withClients);
      expect(effect).toMatchObject({ observed: true });
      for (const measure of Object.values(effect.measures)) expect(Number.isFinite(measure)).toBe(true);
      await busy.works(recoveryLimitMs);
      expect(busy.running.unexpectedExits()).toEqual([]);
    },
  );
});

/** The tests of the Docker stack have what a stack of processes cannot do. */
function skipUnlessAble({ needs }: Fault, { skip }: TestContext): void {
  const lacking = needs.filter((need) => !rig.stack.capabilities.has(need));
  if (lacking.length > 0) skip(`the local stack does not offer ${lacking.join(', ')}`);
}

async function breakAndHeal(context: FaultContext, fault: Fault, forMs: number): Promise<Effect> {
  const active = await fault.apply(context, fault.draw(seededRandom(`faults/${fault.name}`)));
  try {
    await systemClock.sleep(forMs);
    const effect = await active.effect();
    if (effect.observed || forMs === lastingMs.without) return effect;
    // A fault that meets only some of the requests, such as a conflict, may need more of them.
    await systemClock.sleep(lastingMs.ofRareEffects);
    return await active.effect();
  } finally {
    await active.heal();
    await active.heal();
  }
}
