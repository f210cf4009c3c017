import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultRig, openFaultRig, type BusyTarget } from '../../testing/fault-rig.ts';
import { sample } from '../../testing/sample/sample.ts';
import { inject } from '../injection.ts';
import { faultsOf } from '../registry.ts';
import { atCallName } from './at-call.ts';
import type { CallParameters } from './call-parameters.ts';

let rig: FaultRig;
let busy: BusyTarget;

beforeAll(async () => {
  rig = await openFaultRig();
  busy = await rig.startTarget();
}, 60_000);

afterAll(async () => {
  await busy[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const write = { role: 'api', store: 'mongo', command: 'update', target: 'items' } as const;
const cached = { role: 'api', store: 'redis', command: 'GET', target: 'item:*', nth: 2 } as const;
const inForceMs = 400;

async function injectCall(parameters: Partial<CallParameters>) {
  const fault = faultsOf(sample).get(atCallName);
  if (fault === undefined) throw new Error('the fault is not registered');
  const injection = await inject(fault, parameters, busy.running.faultContext);
  await rig.context.clock.sleep(inForceMs);
  return await injection.end();
}

it.each<Partial<CallParameters>>([
  { ...write, happens: 'cut-before' },
  { ...write, happens: 'lose-reply' },
  { ...write, happens: 'late-reply', forMs: 200 },
  { ...write, happens: 'error', error: 'NotWritablePrimary', retryable: true },
  { ...write, happens: 'kill-before' },
  { ...write, happens: 'kill-after' },
  { ...write, happens: 'pause', forMs: 200 },
  { ...cached, happens: 'cut-before' },
  { ...cached, happens: 'late-command', forMs: 200 },
  { ...cached, happens: 'error', error: 'LOADING' },
])(
  'at a call of $store: $happens $error',
  async (parameters) => {
    const { effect } = await injectCall(parameters);
    expect(effect).toMatchObject({ observed: true, measures: { applied: 1 } });
    expect(effect.measures['instance']).toBeGreaterThan(0);
    // Whatever was killed or paused runs again.
    expect(busy.running.processes.withRole('api').every((process) => process.running())).toBe(true);
    await busy.works(15_000);
  },
  60_000,
);

it('meets as many calls from the first on as are meant', async () => {
  const { effect } = await injectCall({ ...cached, nth: 1, times: 3, happens: 'error', error: 'BUSY' });
  expect(effect).toMatchObject({ observed: true, measures: { applied: 3 } });
  expect(effect.evidence).toMatch(/, 3 times$/);
  await busy.works(15_000);
}, 60_000);

it('says so when the call was not made', async () => {
  const { effect } = await injectCall({ ...cached, command: 'HGETALL', nth: 1, happens: 'cut-before' });
  expect(effect.observed).toBe(false);
  expect(effect.evidence).toBe('api HGETALL item:* was not called: 0 calls matched, the 1. was meant');
});

it('says so when the role has no such process', async () => {
  const { effect } = await injectCall({ ...cached, role: 'nobody', happens: 'cut-before' });
  expect(effect.observed).toBe(false);
});
