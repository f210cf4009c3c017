/** Puts what was committed into the change log, with its place in time. */
import type { ServerState } from '../server-state.ts';
import type { ChangeOrigin, WriteRecord } from './change.ts';

export interface Writer {
  readonly sessionId: string;
  /** Of a multi-document transaction. */
  readonly transactionNumber: bigint;
}

/**
 * The cluster time of the last of the writes becomes the operation's. The writes of a transaction have one time, others
 * one each, so that a stream started at an operation's time begins with its last write.
 */
export function publishWrites(
  server: ServerState,
  writes: readonly WriteRecord[],
  writer: Writer | undefined,
): void {
  const { changes, clock, clusterClock } = server;
  clusterClock.tick();
  if (writes.length === 0) return;
  const wallTimeMs = clock.nowMs();
  let origin: ChangeOrigin | undefined;
  writes.forEach((write, position) => {
    if (writer === undefined && position > 0) clusterClock.tick();
    const { seconds, counter } = clusterClock;
    const index = writer === undefined ? 0 : position;
    if (origin?.namespace !== write.namespace || !isDocumentWrite(write)) {
      origin = originOf(server, write, writer);
    }
    changes.append(write, { seconds, counter, index, wallTimeMs }, origin);
  });
  changes.publish();
}

function isDocumentWrite({ kind }: WriteRecord): boolean {
  return kind === 'insert' || kind === 'update' || kind === 'delete';
}

/** That of the change before where it is the same, as the log keeps it. */
function originOf(
  { changes, engine }: ServerState,
  write: WriteRecord,
  writer: Writer | undefined,
): ChangeOrigin {
  const { namespace, to, description, stateBefore } = write;
  const known = engine.identity(namespace);
  const uuid = write.uuid ?? known?.uuid;
  const keepsImages = wantsImages(known?.options['changeStreamPreAndPostImages']);
  const last = changes.lastOrigin;
  if (
    writer === undefined &&
    isDocumentWrite(write) &&
    last?.namespace === namespace &&
    last.uuid === uuid &&
    last.sessionId === undefined &&
    last.keepsImages === keepsImages &&
    last.to === undefined &&
    last.description === undefined
  ) {
    return last;
  }
  const { sessionId, transactionNumber } = writer ?? {};
  return { namespace, uuid, sessionId, transactionNumber, keepsImages, to, description, stateBefore };
}

function wantsImages(option: unknown): boolean {
  return typeof option === 'object' && option !== null && 'enabled' in option && option.enabled === true;
}
