/**
 * A document of a general that no release can read, as after a wrong migration or an edit by hand. It stops what needs it, and nothing else; once it is
 * repaired, everything goes on. Its name is damaged, for nothing else changes that.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defineFault, onlyOnce } from '../../chaos/api/index.ts';

const damagedName = 0;

export const documentDamaged = defineFault({
  name: 'document-damaged',
  title: 'A document of a general that cannot be read',
  needs: [],
  breaks: ['documents'],
  proofNeeds: ['mongo'],
  parameters: z.strictObject({
    /** Which of the generals, counted around. */
    victim: z.int().nonnegative(),
  }),
  draw: (random) => ({ victim: random.integer(0, 999) }),
  apply: async ({ observer, processes }, { victim }) => {
    const generals = observer.database.collection<{ _id: string; name: unknown }>('generals');
    const all = await generals.find({}, { projection: { name: 1 }, sort: { _id: 1 } }).toArray();
    const chosen = all[victim % all.length];
    const id = chosen?._id ?? '';
    if (chosen !== undefined) await generals.updateOne({ _id: id }, { $set: { name: damagedName } });
    return {
      effect: async () => {
        const logs = await Promise.all(processes.all.map(({ logFile }) => readFile(logFile, 'utf8')));
        const complaints = logs.reduce(
          (sum, log) => sum + log.split(`${id} of generals is damaged`).length - 1,
          0,
        );
        return {
          observed: chosen !== undefined && complaints > 0,
          evidence:
            chosen === undefined
              ? 'there was no general'
              : `processes logged ${complaints} times that they could not read ${id}`,
          measures: { complaints },
        };
      },
      // A save that was on its way may have repaired it.
      heal: onlyOnce(async () => {
        if (chosen === undefined) return;
        await generals.updateOne({ _id: id, name: damagedName }, { $set: { name: chosen.name } });
      }),
    };
  },
});
