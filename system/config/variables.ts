/**
 * Every environment variable of the system, in alphabetical order, with its type, default and remedy: the one source of
 * `docs/configuration.md` and of the messages at start.
 */
import { z } from 'zod';

interface Variable<T> {
  readonly schema: z.ZodType<T>;
  /** Undefined: it must be set. Null: it may be left out, and means nothing then. */
  readonly fallback: string | null | undefined;
  readonly meaning: string;
}

const integer = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum));

const milliseconds = integer(1, 86_400_000);
const seconds = integer(1, 86_400);
const count = integer(1, 10_000_000);

function variable<T>(
  schema: z.ZodType<T>,
  fallback: string | null | undefined,
  meaning: string,
): Variable<T> {
  return { schema, fallback, meaning };
}

const uri = (...schemes: string[]) =>
  z.string().refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)), {
    message: `must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

/** The system's processes as PM2 knows them. */
export const processNames = [
  'api',
  'auction-processor',
  'battle-processor',
  'db-sync',
  'tournament-processor',
  'turn-processor',
] as const;

const processName = z.enum(processNames, {
  error: ({ input }) => `"${String(input)}" is none of ${processNames.join(', ')}`,
});

export const variables = {
  ADMIN_DEADLINE_MS: variable(milliseconds, '30000', 'Deadline of a request to an admin route'),
  ADMIN_TOKEN: variable(
    z.string().min(8, 'must have 8 characters at least'),
    undefined,
    'Bearer token of the admin routes; no default, so that none is widely known',
  ),
  API_URL: variable(uri('http', 'https'), 'http://127.0.0.1:3000', 'Address of the API for the health check'),
  AUCTION_SETTLEMENT_LOCK_TTL_SECONDS: variable(seconds, '120', 'TTL of the lock of an auction settlement'),
  AUTO_RESTART_ERRORS: variable(
    count,
    '10',
    'Errors in the log of a process in a minute at which auto-restart restarts it',
  ),
  AUTO_RESTART_MEMORY_MEBIBYTES: variable(
    count,
    '1536',
    'Memory of a process at which auto-restart restarts it',
  ),
  AUTO_RESTART_PERIOD_MS: variable(milliseconds, '60000', 'Time between two checks of auto-restart'),
  AUTO_RESTART_PROCESSES: variable(
    z
      .string()
      .transform((text) => text.split(',').map((name) => name.trim()))
      .pipe(z.array(processName)),
    'auction-processor,battle-processor,tournament-processor,turn-processor',
    'Watched apps',
  ),
  BATTLE_LOCK_TTL_SECONDS: variable(seconds, '180', 'TTL of the lock of a battle finalisation'),
  BREAKER_FAILURES: variable(
    count,
    '3',
    'Consecutive failures of Redis after which the circuit breaker opens',
  ),
  BREAKER_OPEN_MS: variable(
    milliseconds,
    '500',
    'Time between two probes of Redis while the circuit breaker is open',
  ),
  DAEMON_RETRY_MAX_MS: variable(
    milliseconds,
    '60000',
    'Longest pause of a daemon before it retries work that fails',
  ),
  DAEMON_TICK_MS: variable(milliseconds, '250', 'Pause of a daemon between two checks for work'),
  DATABASE_NETWORK_TIMEOUT_MS: variable(
    milliseconds,
    '1500',
    'Longest silence of MongoDB during one operation',
  ),
  DATABASE_POOL_SIZE: variable(integer(1, 1000), '20', 'Connections of one process to MongoDB'),
  DATABASE_SELECTION_TIMEOUT_MS: variable(
    milliseconds,
    '1000',
    'Longest wait for a MongoDB server that can be used',
  ),
  FENCE_KEEP_SECONDS: variable(
    integer(1, 31_536_000),
    '86400',
    'Time without a holder after which a fence ends; at least twice the longest lock TTL',
  ),
  HOST: variable(z.string().min(1), '127.0.0.1', 'Address on which the API listens'),
  INSTANCE_ID: variable(
    z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores'),
    'local',
    'Name of this process in heartbeats, turn logs and locks; one for each process',
  ),
  JOURNAL_POLL_MS: variable(
    milliseconds,
    '500',
    'Pause between two reads of the journal of invalidations: part of the bound on staleness',
  ),
  L1_MAX_ENTRIES: variable(count, '10000', 'Values kept in the memory of one process'),
  L1_TTL_SECONDS: variable(
    integer(0, 86_400),
    '3',
    'Age at which a value in memory is dropped; 0 turns L1 off',
  ),
  L2_TTL_SECONDS: variable(seconds, '360', 'Age at which a value in Redis is dropped: six turns'),
  LEASE_MS: variable(milliseconds, '5000', 'Time a reader has to load a value and store it in Redis'),
  LOG_LEVEL: variable(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    'Lowest level that is logged',
  ),
  LONG_LOCK_SECONDS: variable(
    seconds,
    '540',
    'Age at which the health check alerts of a lock; earlier if its TTL is shorter',
  ),
  MAX_EVENT_LOOP_DELAY_MS: variable(
    milliseconds,
    '1000',
    'Delay of an API event loop beyond which requests are answered 503',
  ),
  MAX_OPEN_REQUESTS: variable(
    count,
    '2000',
    'Requests that one API process serves at once; more are answered 503',
  ),
  MAX_UNCONFIRMED_SAVES: variable(
    count,
    '1000',
    'Saves of one process that may wait for the database; more are answered 503',
  ),
  MONGODB_DATABASE: variable(
    z.string().regex(/^[\w-]{1,63}$/, 'must be 1 to 63 letters, digits, dashes or underscores'),
    'opensam',
    'Database with the game data',
  ),
  MONGODB_URI: variable(uri('mongodb', 'mongodb+srv'), undefined, 'Replica set with the game data'),
  NATION_LOCK_TTL_SECONDS: variable(seconds, '300', 'TTL of the lock of the destruction of a nation'),
  OCCUPATION_LOCK_TTL_SECONDS: variable(seconds, '300', 'TTL of the lock of a city occupation'),
  PM2_COMMAND: variable(z.string().min(1), 'pm2', 'Program of PM2 for the health check and auto-restart'),
  PORT: variable(integer(0, 65_535), '3000', 'Port on which the API listens; 0 takes a free one'),
  REDIS_COMMAND_TIMEOUT_MS: variable(
    milliseconds,
    '250',
    'Longest wait for the answer of Redis to one command',
  ),
  REDIS_RESTART_CHECK_MS: variable(
    milliseconds,
    '1000',
    'Pause between checks that Redis is the same server, besides at each connection',
  ),
  REDIS_RESTART_COMMAND: variable(
    z.string().optional(),
    null,
    'Command by which the health check tries to restart Redis once',
  ),
  REDIS_URL: variable(uri('redis', 'rediss'), undefined, 'Redis for the cache, the locks and the sync queue'),
  REQUEST_DEADLINE_MS: variable(milliseconds, '2000', 'Time within which every request is answered'),
  SESSION_LOCK_TTL_SECONDS: variable(seconds, '300', 'TTL of the lock of a session state update'),
  SLACK_WEBHOOK_URL: variable(
    uri('http', 'https').optional(),
    null,
    'Webhook for alerts of the health check, in addition to the log',
  ),
  SYNC_BATCH_SIZE: variable(integer(1, 10_000), '500', 'Saves that db-sync writes in one batch'),
  SYNC_CLAIM_IDLE_MS: variable(
    milliseconds,
    '5000',
    'Time after which db-sync takes over the saves that another instance left unfinished',
  ),
  SYNC_CONFIRM_TIMEOUT_MS: variable(
    milliseconds,
    '400',
    'Time for db-sync to confirm a save; then the process writes to MongoDB itself',
  ),
  SYNC_CONSUMER_FORGET_MS: variable(
    milliseconds,
    '600000',
    'Silence after which an idle consumer of the sync queue is removed',
  ),
  SYNC_DEAD_LETTERS_MAX: variable(
    count,
    '10000',
    'Entries of the sync queue that cannot be read and are kept',
  ),
  SYNC_QUEUE_MAX_LENGTH: variable(
    count,
    '100000',
    'Length of the sync queue beyond which processes write to MongoDB themselves',
  ),
  TOURNAMENT_LOCK_TTL_SECONDS: variable(seconds, '300', 'TTL of the lock of a tournament round'),
  TURN_CHUNK_SIZE: variable(integer(1, 10_000), '500', 'Entities of a turn that are read and saved at once'),
  TURN_DEADLINE_MS: variable(
    milliseconds,
    '60000',
    'Time for one turn in one attempt; the rest is left to the next',
  ),
  TURN_LOCK_TTL_SECONDS: variable(seconds, '600', 'TTL of the lock of turn processing'),
  TURN_PERIOD_MS: variable(milliseconds, '60000', 'Time between two turns of a session that names no other'),
  TURN_SESSIONS_AT_ONCE: variable(
    integer(1, 100),
    '2',
    'Sessions whose turns one turn-processor processes at once',
  ),
} as const;

export type VariableName = keyof typeof variables;
