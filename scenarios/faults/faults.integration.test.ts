/** OpenSam's own faults on its running processes: a turn-processor is met in the middle of a turn, and after healing everything works again. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../chaos/clock.ts';
import { loadTarget } from '../../chaos/target/load-config.ts';
import {
  type BusyTarget,
  type FaultRig,
  openFaultRig,
  type RigTarget,
} from '../../chaos/testing/fault-rig.ts';
import { turnProcessorKilled } from './turn-processor-killed.ts';
import { turnProcessorPaused } from './turn-processor-paused.ts';

const lastingMs = 500;
const recoveryLimitMs = 30_000;
/** Guards against hanging. */
const limitMs = 60_000;
const repository = fileURLToPath(new URL('../..', import.meta.url));

async function opensam(): Promise<RigTarget> {
  return {
    target: await loadTarget({}, repository),
    processes: { api: 2, 'turn-processor': 2, 'db-sync': 1 },
    settings: { TURN_PERIOD_MS: '250' },
    world: { sessions: 1, generals: 150, cities: 10, nations: 2 },
    ask: async ({ http }, baseUrl, number) => {
      const actions = `${baseUrl}/api/sessions/s1-faults/generals/${(number % 20) + 1}/actions`;
      const order = { command: 'reserve', slot: number % 50, order: `order-${number}` };
      const answer = await http.post(actions, order, { headers: { 'idempotency-key': `ask-${number}` } });
      return answer.status === 200;
    },
  };
}

const own = [turnProcessorKilled, turnProcessorPaused];

let rig: FaultRig;
beforeAll(async () => (rig = await openFaultRig()), limitMs);
afterAll(() => rig[Symbol.asyncDispose]());

test.each(own)('the effect of $name is not observed when no turn is processed', async (fault) => {
  const active = await fault.apply(rig.context, { searchMs: 50 });
  expect(await active.effect()).toMatchObject({ observed: false });
  await active.heal();
});

describe('while turns are processed', () => {
  let busy: BusyTarget;
  beforeAll(async () => {
    busy = await rig.startTarget(await opensam());
    await busy.works(recoveryLimitMs);
  }, limitMs);
  afterAll(() => busy[Symbol.asyncDispose]());

  test.each(own)(
    'the effect of $name is observed, and after healing everything works again',
    async (fault) => {
      const active = await fault.apply(busy.running.faultContext, { searchMs: 10_000 });
      try {
        await systemClock.sleep(lastingMs);
        expect(await active.effect()).toMatchObject({ observed: true });
      } finally {
        await active.heal();
        await active.heal();
      }
      await busy.works(recoveryLimitMs);
      expect(busy.running.unexpectedExits()).toEqual([]);
    },
    limitMs,
  );
});
