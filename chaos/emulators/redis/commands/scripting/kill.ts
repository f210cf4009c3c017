/** SCRIPT KILL and FUNCTION KILL. */
import { CommandError, messages } from '../../errors.ts';
import { ok, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';

export function killScript({ server }: Context, kind: 'eval' | 'function'): Reply {
  const { script } = server;
  if (script === undefined) throw new CommandError('NOTBUSY No scripts in execution right now.');
  if (script.hasWritten) {
    throw new CommandError(
      'UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.',
    );
  }
  if (script.kind !== kind) {
    throw new CommandError(script.kind === 'eval' ? messages.busyScript : messages.busyFunction);
  }
  script.isKilled = true;
  return ok;
}
