/** `redcliff heal [FAULT]`: takes a fault, or all of them, off the system that is up. */
import type { Command } from 'commander';
import { chooseAnnouncement, findAnnouncements } from '../manual/announcement.ts';
import { order } from '../manual/control-client.ts';
import { healedAnswerSchema } from '../manual/protocol.ts';
import { renderHealed } from '../manual/render-status.ts';

export function addHealCommand(program: Command): void {
  program
    .command('heal')
    .description('take a fault, or all of them, off the system that redcliff up keeps up')
    .argument('[fault]', 'all when none is named')
    .option('--name <name>', 'which one, when several are up')
    .action(heal);
}

async function heal(fault: string | undefined, flags: { readonly name?: string }): Promise<void> {
  const found = await findAnnouncements((line) => console.error(line));
  const { healed } = await order(chooseAnnouncement(found, flags.name), '/heal', healedAnswerSchema, {
    fault: fault ?? null,
  });
  if (healed.length === 0) console.log('No fault was in force');
  for (const record of healed) console.log(`healed ${renderHealed(record)}`);
}
