/** Makes the primary of the replica set step down, as an election or maintenance would. */
import { MongoServerError } from 'mongodb';
import { openMongo } from './mongo-launch.ts';

/** Shorter than any wait of a driver for a primary, longer than a command. */
const stepDownSeconds = 1;
/** Refused by every server that knows the command, before it does anything. */
const invalidSeconds = -1;

/**
 * Resolves when the server has stepped down; the only member of a replica set is elected again after a second. `force`,
 * because no other member can take over.
 */
export async function stepDownPrimary(uri: string): Promise<void> {
  await using client = await openMongo(uri);
  await client.db('admin').command({ replSetStepDown: stepDownSeconds, force: true });
}

/** Whether the server knows how to step down. */
export async function canStepDown(uri: string): Promise<boolean> {
  await using client = await openMongo(uri);
  try {
    await client.db('admin').command({ replSetStepDown: invalidSeconds, force: true });
    return true;
  } catch (error) {
    if (error instanceof MongoServerError) return error.codeName !== 'CommandNotFound';
    throw error;
  }
}
