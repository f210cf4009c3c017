/** The faults of a replica set of three, on the real system. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { dockerProvider } from '../stack/docker/docker-provider.ts';
import { mongoPartition } from './mongo-partition.ts';
import { mongoStepDown } from './mongo-step-down.ts';
import { type FaultRig, type FeltSystem, openFaultRig } from './testing/felt-system.ts';

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

    test(
      'mongo-partition is said not to have been felt while nobody is there',
      { timeout: limitMs },
      async () => {
        const active = await mongoPartition.apply(rig.context(), {});
        try {
          expect(await active.effect()).toMatchObject({ observed: false, measures: { connections: 0 } });
        } finally {
          await active.heal();
        }
      },
    );

    describe('while the system works', () => {
      let felt: FeltSystem;
      beforeAll(async () => {
        felt = await rig.startSystem();
        await felt.works(limitMs);
      }, limitMs);
      afterAll(() => felt[Symbol.asyncDispose]());

      test.each([mongoPartition, mongoStepDown])(
        '$name is felt, and after healing everything works again',
        async (fault) => {
          const active = await fault.apply(rig.context(felt.system), {});
          try {
            await systemClock.sleep(lastingMs);
            expect(await active.effect()).toMatchObject({ observed: true });
          } finally {
            await active.heal();
            await active.heal();
          }
          await felt.works(limitMs);
          expect(felt.system.unexpectedExits()).toEqual([]);
          expect(rig.stack.unexpectedExits()).toEqual([]);
        },
        limitMs,
      );
    });
  },
);
