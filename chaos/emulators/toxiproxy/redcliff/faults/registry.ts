/** All kinds of faults beyond the original's toxics, in alphabetical order. */
import { cutMessage } from './cut-message.ts';
import { delayCommands } from './delay-commands.ts';
import { dropReply } from './drop-reply.ts';
import type { FaultKind } from './fault.ts';
import { firstConnections } from './first-connections.ts';
import { sharedBandwidth } from './shared-bandwidth.ts';

export const faultKinds: readonly FaultKind[] = [
  cutMessage,
  delayCommands,
  dropReply,
  firstConnections,
  sharedBandwidth,
];
