/** `redcliff down`: ends what `redcliff up` keeps up, as Ctrl-C in its terminal would. */
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import { chooseAnnouncement, findAnnouncements, isAlive } from '../manual/announcement.ts';
import { order } from '../manual/control-client.ts';
import { endingSchema } from '../manual/protocol.ts';

/** Stopping a system, a stack and the warden takes a few seconds. */
const endDeadlineMs = 30_000;
const pollMs = 100;

export function addDownCommand(program: Command): void {
  program
    .command('down')
    .description('end what redcliff up keeps up')
    .option('--name <name>', 'which one, when several are up')
    .action(down);
}

async function down(flags: { readonly name?: string }): Promise<void> {
  const found = await findAnnouncements((line) => console.error(line));
  const chosen = chooseAnnouncement(found, flags.name);
  await order(chosen, '/down', endingSchema);
  const deadlineMs = systemClock.monotonicMs() + endDeadlineMs;
  while (systemClock.monotonicMs() < deadlineMs) {
    if (!isAlive(chosen.pid)) {
      console.log(`"${chosen.name}" has ended`);
      return;
    }
    await systemClock.sleep(pollMs);
  }
  throw new HarnessError(
    `"${chosen.name}" did not end within ${endDeadlineMs / 1_000} s`,
    `end its process ${chosen.pid}; its warden cleans up behind it`,
  );
}
