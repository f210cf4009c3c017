/** `redcliff break FAULT`: puts a fault on the system that is up. */
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { UsageError } from '../errors.ts';
import { chooseAnnouncement, findAnnouncements } from '../manual/announcement.ts';
import { order } from '../manual/control-client.ts';
import { brokenSchema } from '../manual/protocol.ts';
import { renderInForce } from '../manual/render-status.ts';
import { parseDurationMs } from './duration.ts';

interface BreakFlags {
  readonly for?: string;
  readonly set?: string[];
  readonly name?: string;
}

export function addBreakCommand(program: Command): void {
  program
    .command('break')
    .description('put a fault on the system that redcliff up keeps up')
    .argument('<fault>', 'such as redis-down')
    .option('--for <time>', 'heal it by itself after this, such as 10s (default: redcliff heal)')
    .option('--set <parameter=value...>', 'parameters of the fault, such as latencyMs=200')
    .option('--name <name>', 'which one, when several are up')
    .action(breakSystem);
}

async function breakSystem(fault: string, flags: BreakFlags): Promise<void> {
  const forMs = flags.for === undefined ? null : parseDurationMs('--for', flags.for);
  const parameters = Object.fromEntries((flags.set ?? []).map(parseParameter));
  const found = await findAnnouncements((line) => console.error(line));
  const { inForce } = await order(chooseAnnouncement(found, flags.name), '/break', brokenSchema, {
    fault,
    forMs,
    parameters,
  });
  console.log(renderInForce(inForce, systemClock.nowMs()));
}

/** A value is JSON where it can be read so, and text otherwise. */
function parseParameter(text: string): [name: string, value: unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--set "${text}" sets nothing`, 'for example --set latencyMs=200');
  const value = text.slice(equals + 1);
  try {
    return [text.slice(0, equals), JSON.parse(value)];
  } catch {
    return [text.slice(0, equals), value];
  }
}
