/**
 * replSetStepDown: this member gives up being primary for the seconds given. Writes and transactions under way are
 * interrupted; as the only member it is elected again afterwards, in a new term. `force` is not asked for, although
 * MongoDB would refuse a lone member without it: there is no secondary that could catch up.
 */
import { MongoError } from '../errors.ts';
import { stepDown } from '../replication/step-down.ts';
import type { Command } from './command.ts';

const defaultSeconds = 60;

export const replSetStepDown: Command = {
  name: 'replSetStepDown',
  kind: 'administration',
  inTransaction: false,
  adminOnly: true,
  fields: ['secondaryCatchUpPeriodSecs', 'force'],
  run: (operation) => {
    const seconds = operation.arguments.number('replSetStepDown') ?? defaultSeconds;
    if (seconds < 0) throw new MongoError('BadValue', 'stepdown period must be a positive integer');
    const catchUp = operation.arguments.number('secondaryCatchUpPeriodSecs') ?? Math.min(10, seconds);
    if (catchUp > seconds) {
      throw new MongoError('BadValue', 'stepdown period must be longer than secondaryCatchUpPeriodSecs');
    }
    stepDown(operation.server, seconds);
    return {};
  },
};
