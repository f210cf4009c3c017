/** The faults of a replica set of three, on a running target. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { dockerProvider } from '../stack/docker/docker-provider.ts';
import { type BusyTarget, type FaultRig, openFaultRig } from '../testing/fault-rig.ts';
import { mongoPartition, mongoStepDown } from './mongo.ts';

const provider = dockerProvider({ pull: false, mongoMembers: 3 });
const availability = await provider.probe();
const lastingMs = 500;
const limitMs = 120_000;

describe.skipIf(!availability.available)(
  `with an engine (${availability.available ? 'one answers' : availability.reason})`,
  () => {
    let rig: FaultRig;
    beforeAll(async () => (rig = await openFaultRig(() => provider)), limitMs);
    afterAll(() => rig[Symbol.asyncDispose](), limitMs);

    test('the effect of mongo-partition is not observed without clients', { timeout: limitMs }, async () => {
      const active = await mongoPartition.apply(rig.context, {});
      try {
        expect(await active.effect()).toMatchObject({ observed: false, measures: { connections: 0 } });
      } finally {
        await active.heal();
      }
    });

    describe('while the target works', () => {
      let busy: BusyTarget;
      beforeAll(async () => {
        busy = await rig.startTarget();
        await busy.works(limitMs);
      }, limitMs);
      afterAll(() => busy[Symbol.asyncDispose]());

      test.each([mongoPartition, mongoStepDown])(
        'the effect of $name is observed, and after healing everything works again',
        async (fault) => {
          const active = await fault.apply(busy.running.faultContext, {});
          try {
            await systemClock.sleep(lastingMs);
            expect(await active.effect()).toMatchObject({ observed: true });
          } finally {
            await active.heal();
            await active.heal();
          }
          await busy.works(limitMs);
          expect(busy.running.unexpectedExits()).toEqual([]);
          expect(rig.stack.unexpectedExits()).toEqual([]);
        },
        limitMs,
      );
    });
  },
);
