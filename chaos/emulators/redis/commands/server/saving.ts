/** SAVE, BGSAVE, BGREWRITEAOF and SHUTDOWN. */
import { CommandError, messages, plainError, syntaxError } from '../../errors.ts';
import type { Persistence } from '../../persistence/persistence.ts';
import { noReply, ok, status, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

function persistenceOf({ server }: Context): Persistence {
  if (server.persistence === undefined) {
    throw plainError('this emulator was started without a disk: there is nowhere to save to');
  }
  return server.persistence;
}

function save(context: Context): Reply {
  const persistence = persistenceOf(context);
  if (persistence.isSaving) throw plainError('Background save already in progress');
  if (!persistence.save()) throw new CommandError('ERR');
  return ok;
}

function bgsave(context: Context): Reply {
  const { client, words } = context;
  const isScheduled = words.length === 2 && context.option(1) === 'schedule';
  if (words.length > 1 && !isScheduled) throw syntaxError();
  const persistence = persistenceOf(context);
  if (persistence.isSaving) throw plainError('Background save already in progress');
  if (persistence.isRewriting || !client.mayBlock) {
    if (!isScheduled && client.mayBlock) {
      throw plainError(
        "Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
      );
    }
    persistence.isSaveScheduled = true;
    return status('Background saving scheduled');
  }
  persistence.saveInBackground();
  return status('Background saving started');
}

function bgrewriteaof(context: Context): Reply {
  const persistence = persistenceOf(context);
  if (persistence.isRewriting) throw plainError('Background append only file rewriting already in progress');
  if (persistence.isSaving || !context.client.mayBlock) {
    persistence.isRewriteScheduled = true;
    return status('Background append only file rewriting scheduled');
  }
  persistence.rewriteInBackground();
  return status('Background append only file rewriting started');
}

const shutdownOptions = ['save', 'nosave', 'now', 'force', 'abort'];

function shutdown(context: Context): Reply {
  const { client, server } = context;
  const options = new Set(context.words.slice(1).map((word) => word.toLowerCase()));
  if ([...options].some((option) => !shutdownOptions.includes(option))) throw syntaxError();
  const hasBoth = options.has('save') && options.has('nosave');
  if (hasBoth || (options.has('abort') && options.size > 1)) throw syntaxError();
  // Without replicas to wait for, a shutdown is over as soon as it begins.
  if (options.has('abort')) throw plainError('No shutdown in progress.');
  if (!options.has('now') && !client.mayBlock) {
    throw plainError("SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client");
  }
  if (!options.has('nosave') && server.script !== undefined) {
    throw new CommandError(server.script.kind === 'eval' ? messages.busyScript : messages.busyFunction);
  }
  const saves = options.has('save') || (!options.has('nosave') && server.configuration.savePoints.length > 0);
  server.log('warning', 'User requested shutdown...');
  const isComplete = server.persistence?.close(saves) ?? true;
  if (!isComplete && !options.has('force')) throw plainError('Errors trying to SHUTDOWN. Check logs.');
  server.isShutDown = true;
  return noReply;
}

export const saving: Runs = { save, bgsave, bgrewriteaof, shutdown };
