/** Makes the primary of the replica set give up its role, as an election or a maintenance would. */
import { openMongo } from './mongo-launch.ts';

/** Shorter than any wait of a driver for a primary, longer than a command. */
const stepDownSeconds = 1;

/**
 * Resolves when the server has stepped down; the only member of a replica set is elected again after a second. `force`,
 * because there is no other member to take over.
 */
export async function stepDownPrimary(uri: string): Promise<void> {
  await using client = await openMongo(uri);
  await client.db('admin').command({ replSetStepDown: stepDownSeconds, force: true });
}
