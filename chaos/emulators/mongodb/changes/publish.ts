/** Puts what was committed into the change log, with its place in time. */
import type { ServerState } from '../server-state.ts';
import type { Change, WriteRecord } from './change-log.ts';

export interface Writer {
  readonly sessionId: string;
  /** Of a multi-document transaction. */
  readonly transactionNumber: bigint;
}

/**
 * The cluster time of the last of the writes, which becomes the operation's. The writes of a transaction have one time,
 * others one each, so that a stream started at an operation's time begins with its last write.
 */
export function publishWrites(
  server: ServerState,
  writes: readonly WriteRecord[],
  writer: Writer | undefined,
): void {
  const { changes, clock, clusterClock, engine } = server;
  let clusterTime = clusterClock.tick();
  const wallTimeMs = clock.nowMs();
  let namespace: string | undefined;
  let uuid: Uint8Array | undefined;
  let keepsImages = false;
  const published = writes.map((write, position): Change => {
    if (write.namespace !== namespace) {
      namespace = write.namespace;
      const known = engine.identity(namespace);
      uuid = known?.uuid;
      keepsImages = wantsImages(known?.options['changeStreamPreAndPostImages']);
    }
    if (writer === undefined && position > 0) clusterTime = clusterClock.tick();
    return {
      ...write,
      uuid: write.uuid ?? uuid,
      clusterTime,
      index: writer === undefined ? 0 : position,
      wallTimeMs,
      sessionId: writer?.sessionId,
      transactionNumber: writer?.transactionNumber,
      keepsImages,
    };
  });
  changes.publish(published);
}

function wantsImages(option: unknown): boolean {
  return typeof option === 'object' && option !== null && 'enabled' in option && option.enabled === true;
}
