/** Delays some commands, before or after the server executes them. What follows on the connection waits behind them. */
import { z } from 'zod';
import { defineFault, runProtocolFault } from './fault.ts';
import { commandMatchFields, ProtocolFault } from './protocol-fault.ts';

const DELAY_MS_MAX = 3_600_000;

export const delayCommands = defineFault({
  kind: 'delay-commands',
  schema: z.strictObject({
    ...commandMatchFields,
    times: z.int().min(1).nullable().default(null),
    side: z.enum(['request', 'reply']).default('reply'),
    delayMs: z.int().min(0).max(DELAY_MS_MAX),
    /** The delay is uniform in [delayMs - jitterMs, delayMs + jitterMs]. */
    jitterMs: z.int().min(0).max(DELAY_MS_MAX).default(0),
  }),
  start: (settings, context) =>
    runProtocolFault(
      new ProtocolFault({
        name: context.name,
        match: settings,
        side: settings.side,
        clock: context.clock,
        random: context.random,
        action: (random) => ({
          kind: 'delay',
          delayMs: Math.max(0, settings.delayMs + random.integer(-settings.jitterMs, settings.jitterMs)),
        }),
      }),
      context,
    ),
});
