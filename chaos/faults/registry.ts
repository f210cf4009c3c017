/** All faults, in alphabetical order. An outage is a fault by that name, on the window its timeline gives it. */
import { allDown } from './all-down.ts';
import { apiKilled } from './api-killed.ts';
import { clockJump } from './clock-jump.ts';
import { dbSyncKilled } from './db-sync-killed.ts';
import type { Fault } from './fault.ts';
import { mongoCommitReplyLost } from './mongo-commit-reply-lost.ts';
import { mongoDown } from './mongo-down.ts';
import { mongoHang } from './mongo-hang.ts';
import { mongoPartition } from './mongo-partition.ts';
import { mongoReset } from './mongo-reset.ts';
import { mongoRestart } from './mongo-restart.ts';
import { mongoSlow } from './mongo-slow.ts';
import { mongoStepDown } from './mongo-step-down.ts';
import { mongoWriteConflicts } from './mongo-write-conflicts.ts';
import { redisBandwidth } from './redis-bandwidth.ts';
import { redisDown } from './redis-down.ts';
import { redisFlap } from './redis-flap.ts';
import { redisFull } from './redis-full.ts';
import { redisHang } from './redis-hang.ts';
import { redisReadonly } from './redis-readonly.ts';
import { redisReset } from './redis-reset.ts';
import { redisRestartEmpty } from './redis-restart-empty.ts';
import { redisRestart } from './redis-restart.ts';
import { redisSlow } from './redis-slow.ts';
import { rollingRestart } from './rolling-restart.ts';
import { turnProcessorKilled } from './turn-processor-killed.ts';
import { turnProcessorPaused } from './turn-processor-paused.ts';

export const faults: readonly Fault[] = [
  allDown,
  apiKilled,
  clockJump,
  dbSyncKilled,
  mongoCommitReplyLost,
  mongoDown,
  mongoHang,
  mongoPartition,
  mongoReset,
  mongoRestart,
  mongoSlow,
  mongoStepDown,
  mongoWriteConflicts,
  redisBandwidth,
  redisDown,
  redisFlap,
  redisFull,
  redisHang,
  redisReadonly,
  redisReset,
  redisRestart,
  redisRestartEmpty,
  redisSlow,
  rollingRestart,
  turnProcessorKilled,
  turnProcessorPaused,
];

/** The cell without any fault. */
export const noOutage = 'none';

export function findFault(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name);
}
