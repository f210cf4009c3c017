/** Tells how many connections of a client are open and how many are in use, by what the driver says of its pool. */
import type mongoose from 'mongoose';

export interface PoolMetrics {
  /** Each number is a difference: −1, 0 or +1. */
  connections(open: number, inUse: number): void;
}

/** To be called before the client has opened its first connection, once for each client. */
export function watchPool(
  client: Pick<mongoose.mongo.MongoClient, 'on'>,
  { connections }: PoolMetrics,
): void {
  client.on('connectionCreated', () => connections(+1, 0));
  client.on('connectionClosed', () => connections(-1, 0));
  client.on('connectionCheckedOut', () => connections(0, +1));
  client.on('connectionCheckedIn', () => connections(0, -1));
}
