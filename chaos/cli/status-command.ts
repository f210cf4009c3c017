/** `redcliff status`: what is up, which faults are in force and what they have done so far. */
import type { Command } from 'commander';
import { chooseAnnouncement, findAnnouncements } from '../manual/announcement.ts';
import { order } from '../manual/control-client.ts';
import { statusSchema } from '../manual/protocol.ts';
import { renderStatus } from '../manual/render-status.ts';

interface StatusFlags {
  readonly name?: string;
  readonly json?: boolean;
}

export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('say what redcliff up keeps up, which faults are in force and what they have done so far')
    .option('--name <name>', 'which one, when several are up')
    .option('--json', 'for programs')
    .action(status);
}

async function status(flags: StatusFlags): Promise<void> {
  const found = await findAnnouncements((line) => console.error(line));
  const state = await order(chooseAnnouncement(found, flags.name), '/status', statusSchema);
  console.log(flags.json === true ? JSON.stringify(state, null, 1) : renderStatus(state));
}
