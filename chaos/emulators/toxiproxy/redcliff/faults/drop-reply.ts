/**
 * Loses the reply of a command that the server has executed: the client cannot know that it took effect. The
 * connection then ends, or falls silent until the fault is removed.
 */
import { z } from 'zod';
import { endings } from '../plan.ts';
import { defineFault, runProtocolFault } from './fault.ts';
import { commandMatchFields, ProtocolFault } from './protocol-fault.ts';

export const dropReply = defineFault({
  kind: 'drop-reply',
  schema: z.strictObject({
    ...commandMatchFields,
    times: z.int().min(1).nullable().default(1),
    ending: z.enum(endings).default('close'),
  }),
  start: (settings, context) =>
    runProtocolFault(
      new ProtocolFault({
        name: context.name,
        match: settings,
        side: 'reply',
        clock: context.clock,
        random: context.random,
        action: () => ({ kind: 'finish', afterBytes: 0, ending: settings.ending }),
      }),
      context,
    ),
});
