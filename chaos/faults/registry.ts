/** All faults, in alphabetical order. An outage is a fault by that name, on the window its timeline gives it. */
import type { Fault } from './fault.ts';
import { mongoDown } from './mongo-down.ts';
import { redisDown } from './redis-down.ts';
import { redisRestartEmpty } from './redis-restart-empty.ts';
import { redisSlow } from './redis-slow.ts';
import { turnProcessorKilled } from './turn-processor-killed.ts';

export const faults: readonly Fault[] = [
  mongoDown,
  redisDown,
  redisRestartEmpty,
  redisSlow,
  turnProcessorKilled,
];

/** The cell without any fault. */
export const noOutage = 'none';

export function findFault(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name);
}
