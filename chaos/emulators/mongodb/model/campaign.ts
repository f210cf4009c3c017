/** Runs random programs against one server; a mismatch is shrunk to a small program by fast-check. */
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { startMongoServer } from '../server.ts';
import { programs } from './programs.ts';
import { runProgram } from './run-program.ts';
import type { OutcomeCounts } from './run-program.ts';

/** @throws Error with the smallest program found that the server and the model answer differently. */
export async function runModelCampaign(count: number, seed: number): Promise<OutcomeCounts> {
  await using cleanUp = new AsyncDisposableStack();
  const server = cleanUp.use(
    await startMongoServer({
      host: '127.0.0.1',
      port: 0,
      folder: undefined,
      clock: systemClock,
      random: seededRandom(seed),
    }),
  );
  const client = new MongoClient(server.uri, { retryWrites: false });
  cleanUp.defer(() => client.close());
  const counts: OutcomeCounts = new Map();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      runs += 1;
      await runProgram(client, `run${runs}`, program, counts);
    }),
    { numRuns: count, seed, endOnFailure: false },
  );
  return counts;
}
