/** Lets the beginning of a command or of its reply through, then ends the connection in the middle of the message. */
import { z } from 'zod';
import { endings } from '../plan.ts';
import { defineFault, runProtocolFault } from './fault.ts';
import { commandMatchFields, ProtocolFault } from './protocol-fault.ts';

const AFTER_BYTES_MAX = 1024 * 1024;

export const cutMessage = defineFault({
  kind: 'cut-message',
  schema: z.strictObject({
    ...commandMatchFields,
    times: z.int().min(1).nullable().default(1),
    side: z.enum(['request', 'reply']).default('reply'),
    /** Bytes that still pass, always less than the whole message; half of it unless given. */
    afterBytes: z.int().min(1).max(AFTER_BYTES_MAX).optional(),
    ending: z.enum(endings).default('close'),
  }),
  start: (settings, context) =>
    runProtocolFault(
      new ProtocolFault({
        name: context.name,
        match: settings,
        side: settings.side,
        clock: context.clock,
        random: context.random,
        action: () => ({
          kind: 'finish',
          afterBytes: settings.afterBytes ?? 'half',
          ending: settings.ending,
        }),
      }),
      context,
    ),
});
