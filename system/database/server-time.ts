/**
 * The time of the database. All processes must agree on when something is due, and the clock of one process may be wrong:
 * a turn-processor whose clock is an hour ahead would put the next turn an hour off for all.
 */
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { SystemError } from '../errors.ts';

const helloSchema = z.object({ localTime: z.date() });

/** Epoch milliseconds. Throws `database_unavailable`. */
export async function serverTimeMs(connection: Connection): Promise<number> {
  let answer: unknown;
  try {
    answer = await connection.db?.admin().command({ hello: 1 });
  } catch (cause) {
    throw new SystemError('database_unavailable', 'MongoDB did not tell its time', { cause });
  }
  if (answer === undefined) throw new SystemError('database_unavailable', 'MongoDB is not connected yet');
  return helloSchema.parse(answer).localTime.getTime();
}
