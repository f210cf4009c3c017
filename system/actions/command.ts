/** A player's commands: their form and their effect on a general. Pure. */
import { z } from 'zod';
import { type General, orderSlots } from '../models/general.ts';

export const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('reserve'),
    slot: z
      .int()
      .min(0)
      .max(orderSlots - 1),
    order: z.string().min(1).max(200),
  }),
  z.strictObject({ command: z.literal('train'), amount: z.int().min(1).max(1000) }),
]);
export type Command = z.output<typeof commandSchema>;

export function applyCommand(general: General, command: Command, nowMs: number): General {
  const acted: General = {
    ...general,
    action_count: general.action_count + 1,
    last_action: command.command,
    last_action_at: new Date(nowMs),
  };
  switch (command.command) {
    case 'reserve':
      return { ...acted, orders: { ...general.orders, [String(command.slot)]: command.order } };
    case 'train':
      return { ...acted, experience: general.experience + command.amount };
  }
}
