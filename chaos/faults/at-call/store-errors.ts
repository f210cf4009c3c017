/** The errors that a client of Redis or MongoDB has to expect at a call, as the servers themselves send them. */

/** What decides which error, and with which labels, a server sends in answer to a command. */
export interface CallTraits {
  readonly command: string;
  /** MongoDB: part of a transaction that is not yet committed. */
  readonly inTransaction: boolean;
  /** MongoDB: a write that its client may send again, or the end of a transaction. */
  readonly retryable: boolean;
  /** MongoDB: the command has a time limit of its own. */
  readonly limited: boolean;
}

interface StoreError {
  readonly code: string | number;
  readonly message: string;
  readonly codeName?: string;
  readonly labels?: readonly string[];
}

/** Commands of Redis that a full or read-only server refuses, of those that services use. */
const redisWrites: ReadonlySet<string> = new Set(
  `APPEND COPY DECR DECRBY DEL EVAL EVALSHA EXPIRE GEOADD GETDEL GETEX GETSET HDEL HINCRBY HMSET HSET HSETNX INCR INCRBY
  INCRBYFLOAT LINSERT LMOVE LPOP LPUSH LPUSHX LREM LSET LTRIM MSET MSETNX PEXPIRE PEXPIREAT PFADD PSETEX RENAME RPOP
  RPOPLPUSH RPUSH RPUSHX SADD SET SETBIT SETEX SETNX SETRANGE SMOVE SPOP SREM UNLINK XACK XADD XAUTOCLAIM XCLAIM XDEL
  XREADGROUP XTRIM ZADD ZINCRBY ZPOPMAX ZPOPMIN ZREM`.split(/\s+/),
);
/** Those of them that can take memory: a full server lets the others pass. */
const redisGives: ReadonlySet<string> = new Set(
  `DEL EXPIRE GETDEL GETEX HDEL LPOP LREM LTRIM PEXPIRE PEXPIREAT RENAME RPOP SMOVE SPOP SREM UNLINK XACK XAUTOCLAIM XCLAIM
  XDEL XREADGROUP XTRIM ZPOPMAX ZPOPMIN ZREM`.split(/\s+/),
);
/** A server that is loading or busy takes these nonetheless (CMD_LOADING and CMD_ALLOW_BUSY in its table of commands). */
const redisAlways: ReadonlySet<string> = new Set(['DISCARD', 'EXEC', 'MULTI', 'UNWATCH', 'WATCH']);
const mongoWrites: ReadonlySet<string> = new Set(['delete', 'findAndModify', 'insert', 'update']);
const mongoEnds: ReadonlySet<string> = new Set(['abortTransaction', 'commitTransaction']);
const mongoReads: ReadonlySet<string> = new Set(['aggregate', 'count', 'distinct', 'find']);

export const storeErrorNames = [
  'BUSY',
  'ExceededTimeLimit',
  'LOADING',
  'MaxTimeMSExpired',
  'NOSCRIPT',
  'NotPrimaryNoSecondaryOk',
  'NotWritablePrimary',
  'OOM',
  'READONLY',
  'WriteConflict',
] as const;
export type StoreErrorName = (typeof storeErrorNames)[number];

interface ErrorKind {
  readonly store: 'mongo' | 'redis';
  readonly error: StoreError;
  /** Whether a server may answer such a command with it. */
  expectedAt(call: CallTraits): boolean;
}

const isWrite = ({ command }: CallTraits): boolean => redisWrites.has(command);
const changes = ({ command }: CallTraits): boolean => mongoWrites.has(command) || mongoEnds.has(command);

const kinds: Readonly<Record<StoreErrorName, ErrorKind>> = {
  BUSY: {
    store: 'redis',
    error: {
      code: 'BUSY',
      message: 'Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    },
    expectedAt: ({ command }) => !redisAlways.has(command),
  },
  ExceededTimeLimit: {
    store: 'mongo',
    error: { code: 262, codeName: 'ExceededTimeLimit', message: 'operation exceeded time limit' },
    expectedAt: ({ command }) =>
      mongoWrites.has(command) || mongoEnds.has(command) || mongoReads.has(command),
  },
  LOADING: {
    store: 'redis',
    error: { code: 'LOADING', message: 'Redis is loading the dataset in memory' },
    expectedAt: ({ command }) => !redisAlways.has(command),
  },
  MaxTimeMSExpired: {
    store: 'mongo',
    error: { code: 50, codeName: 'MaxTimeMSExpired', message: 'operation exceeded time limit' },
    expectedAt: ({ limited }) => limited,
  },
  NOSCRIPT: {
    store: 'redis',
    error: { code: 'NOSCRIPT', message: 'No matching script. Please use EVAL.' },
    expectedAt: ({ command }) => command === 'EVALSHA',
  },
  NotPrimaryNoSecondaryOk: {
    store: 'mongo',
    error: {
      code: 13435,
      codeName: 'NotPrimaryNoSecondaryOk',
      message: 'not primary and secondaryOk=false',
    },
    expectedAt: ({ command }) => mongoReads.has(command),
  },
  NotWritablePrimary: {
    store: 'mongo',
    error: { code: 10107, codeName: 'NotWritablePrimary', message: 'not primary' },
    expectedAt: changes,
  },
  OOM: {
    store: 'redis',
    error: { code: 'OOM', message: "command not allowed when used memory > 'maxmemory'." },
    expectedAt: (call) => isWrite(call) && !redisGives.has(call.command),
  },
  READONLY: {
    store: 'redis',
    error: { code: 'READONLY', message: "You can't write against a read only replica." },
    expectedAt: isWrite,
  },
  WriteConflict: {
    store: 'mongo',
    error: {
      code: 112,
      codeName: 'WriteConflict',
      message: 'Write conflict during plan execution and yielding is disabled.',
    },
    // Outside a transaction the server repeats the write itself.
    expectedAt: ({ command, inTransaction }) => inTransaction && mongoWrites.has(command),
  },
};

/** Errors that a server may send in answer to this call, in alphabetical order. */
export function errorsExpectedAt(store: 'mongo' | 'redis', call: CallTraits): readonly StoreErrorName[] {
  return storeErrorNames.filter((name) => kinds[name].store === store && kinds[name].expectedAt(call));
}

export function storeOfError(name: StoreErrorName): 'mongo' | 'redis' {
  return kinds[name].store;
}

/** Errors by which a server says that another one is primary. */
export function isNotPrimary(name: StoreErrorName): boolean {
  return name === 'NotPrimaryNoSecondaryOk' || name === 'NotWritablePrimary';
}

/**
 * The error with the labels that a server adds (`getErrorLabels` of the server): within a transaction the client may begin it again, a retryable write
 * and the end of a transaction may be sent again. MaxTimeMSExpired has none.
 */
export function storeError(
  name: StoreErrorName,
  call: Pick<CallTraits, 'inTransaction' | 'retryable'>,
): StoreError {
  const { store, error } = kinds[name];
  if (store === 'redis' || name === 'MaxTimeMSExpired') return error;
  if (call.inTransaction) return { ...error, labels: ['TransientTransactionError'] };
  return call.retryable ? { ...error, labels: ['RetryableWriteError'] } : error;
}

/** What a command of a trace says of itself. */
export function traitsOf(command: string, body: Readonly<Record<string, unknown>> = {}): CallTraits {
  const ends = mongoEnds.has(command);
  return {
    command,
    inTransaction: body['autocommit'] === false && !ends,
    retryable: ends || (body['txnNumber'] !== undefined && body['autocommit'] === undefined),
    limited: body['maxTimeMS'] !== undefined,
  };
}
