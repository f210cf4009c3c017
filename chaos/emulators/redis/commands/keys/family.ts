/** Commands on keys, whatever they hold. */
import { plainError } from '../../errors.ts';
import { commandFamily } from '../family.ts';
import { dump } from './dump.ts';
import { expiry } from './expiry.ts';
import { names } from './names.ts';
import { object } from './object.ts';
import { sorting } from './sort.ts';
import { keysTable } from './table.ts';

export const keys = commandFamily('generic', keysTable, {
  ...dump,
  ...expiry,
  ...names,
  ...object,
  ...sorting,
  migrate: () => {
    throw plainError('MIGRATE is not offered by this emulator: it connects to no other server');
  },
  wait: (context) => {
    if (context.server.master !== undefined) {
      throw plainError(
        'WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.',
      );
    }
    // There are no replicas: who asks for none has them at once, who asks for more waits in vain.
    const replicas = context.integer(1);
    const timeoutMs = context.timeoutMilliseconds(2);
    return replicas <= 0 ? 0 : context.waitForTime(timeoutMs, 0);
  },
});
