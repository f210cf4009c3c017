/** Traffic between the system and a server of the stack, as the server itself counts it: what network faults are proven by. */
import type { Observer } from '../observe/observer.ts';

export type NetworkedPart = 'mongo' | 'redis';

export const partTitles: Readonly<Record<NetworkedPart, string>> = { mongo: 'MongoDB', redis: 'Redis' };

/** Without the harness's own. All but `clients` count from the start of the server. */
export interface PartTraffic {
  readonly clients: number;
  readonly requests: number;
  readonly connectionsAccepted: number;
}

export function readTraffic(observer: Observer, part: NetworkedPart): Promise<PartTraffic> {
  return part === 'redis' ? observer.redisState() : observer.mongoState();
}
