/**
 * What a toxic is: a description of its attributes and a way to run on one direction of one connection.
 * A running toxic sees one chunk at a time, as a goroutine of the original does, so its code reads alike.
 */
import type { Random } from '../../../random.ts';

/** Bytes as read from a socket, with the monotonic time of their arrival. */
export interface Chunk {
  readonly data: Buffer;
  readonly receivedAtMs: number;
}

export type AttributeType = 'int64' | 'float64';

/** How a toxic changed a connection, counted in bytes or, for the last three, in times: the proof of its effect. */
export const effects = [
  'bytesDelayed',
  'bytesDropped',
  'bytesSliced',
  'closed',
  'closesDelayed',
  'reset',
] as const;
export type Effect = (typeof effects)[number];

/** What a running toxic may do with its place in the chain. */
export interface ToxicStage {
  /** Randomness of this toxic on this connection alone, so that other connections do not shift its draws. */
  readonly random: Random;
  /** Monotonic clock in milliseconds. */
  nowMs(): number;
  /** Hands a chunk to the next toxic or the socket. */
  emit(chunk: Chunk): void;
  /** Asks for the next chunk; call it once for every chunk received. */
  next(): void;
  /** Ends the output for good: what follows is closed, what still arrives is ignored. */
  close(): void;
  /**
   * Runs `callback` after `delayMs`, never before. A stage has one timer: setting it again replaces it, and it is
   * cancelled when the toxic is interrupted or the connection ends.
   */
  timer(delayMs: number, callback: () => void): void;
  /** Counts an effect: `amount` bytes delayed, lost or cut, or once. */
  affected(effect: Effect, amount?: number): void;
}

/** One toxic running on one direction of one connection. */
export interface ToxicRun {
  /** The next chunk. Nothing further comes until `stage.next()` is called. */
  chunk(chunk: Chunk): void;
  /** The input ended and every chunk before was taken. */
  end(): void;
  /**
   * The toxic is about to be replaced, updated or removed; its timers are cancelled already. A chunk that it
   * holds back has to be emitted now.
   */
  interrupt?(): void;
  /** True while the toxic can no longer be interrupted, because it already decided to end the connection. */
  committed?(): boolean;
}

/** Starts the toxic on a stage that it was attached to; called again after each update. */
export type StartToxic<Attributes> = (attributes: Attributes) => ToxicRun;

export interface ToxicDefinition<Name extends string> {
  readonly type: string;
  /** Attributes in the order of the JSON form. All are numbers and 0 unless given. */
  readonly attributes: Readonly<Record<Name, AttributeType>>;
  /** Chunks that may wait in front of this toxic; 0 means that it takes one at a time. */
  readonly bufferedChunksMax?: number;
  /** Removing the toxic closes the connection. */
  readonly closesWhenRemoved?: boolean;
  /** Sockets of connections that begin under this toxic are closed by RST. */
  readonly resetsPeers?: boolean;
  /** Called once for each connection; state kept across updates lives in the closure. */
  attach(stage: ToxicStage): StartToxic<Readonly<Record<Name, number>>>;
}

/** A definition whose attribute names are known at run time only. */
export interface ToxicKind {
  readonly type: string;
  readonly attributeTypes: ReadonlyMap<string, AttributeType>;
  readonly bufferedChunksMax: number;
  readonly closesWhenRemoved: boolean;
  readonly resetsPeers: boolean;
  attach(stage: ToxicStage): StartToxic<ReadonlyMap<string, number>>;
}

export function defineToxic<Name extends string>(definition: ToxicDefinition<Name>): ToxicKind {
  return {
    type: definition.type,
    attributeTypes: new Map<string, AttributeType>(Object.entries<AttributeType>(definition.attributes)),
    bufferedChunksMax: definition.bufferedChunksMax ?? 0,
    closesWhenRemoved: definition.closesWhenRemoved ?? false,
    resetsPeers: definition.resetsPeers ?? false,
    attach: (stage) => {
      const start = definition.attach(stage);
      return (values) => {
        const attributes = { ...definition.attributes } as Record<string, unknown> as Record<Name, number>;
        for (const name in definition.attributes) attributes[name] = values.get(name) ?? 0;
        return start(attributes);
      };
    },
  };
}
