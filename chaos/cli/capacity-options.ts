/** Options that measuring and planning capacity share: what a player does, and how numbers are read. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Player, playerDefaults } from '../../reports/capacity/player.ts';
import { UsageError } from '../errors.ts';
import { parseDurationMs } from './duration.ts';

export interface PlayerFlags {
  readonly readsPerMinute: number;
  readonly actionsPerMinute: number;
  readonly online: string;
  readonly turnPeriod: string;
}

export function addPlayerOptions(command: Command): Command {
  const { readsPerMinute, actionsPerMinute } = playerDefaults;
  return command
    .option('--reads-per-minute <number>', 'of a player who is there', wholeNumber(0, 6_000), readsPerMinute)
    .option(
      '--actions-per-minute <number>',
      'of a player who is there',
      wholeNumber(0, 6_000),
      actionsPerMinute,
    )
    .option('--online <share>', 'of all players, how many are there at once', '100%')
    .option('--turn-period <time>', 'between two turns of a session', `${playerDefaults.turnPeriodSeconds}s`);
}

/** Throws UsageError. */
export function parsePlayer(flags: PlayerFlags): Player {
  const { readsPerMinute, actionsPerMinute } = flags;
  if (readsPerMinute + actionsPerMinute === 0)
    throw new UsageError(
      '--reads-per-minute and --actions-per-minute are both 0',
      'let a player do something',
    );
  const share = Number(/^(\d+(?:\.\d+)?)%$/.exec(flags.online)?.[1] ?? Number.NaN) / 100;
  if (!(share > 0 && share <= 1))
    throw new UsageError(`--online "${flags.online}" is no share of the players`, 'for example --online 20%');
  return {
    ...playerDefaults,
    readsPerMinute,
    actionsPerMinute,
    onlineShare: share,
    turnPeriodSeconds: parseDurationMs('--turn-period', flags.turnPeriod) / 1_000,
  };
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };
}
