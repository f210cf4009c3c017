/**
 * Every way in which the system refuses or fails, as one table: what the client is told, with which status, whether the
 * outcome is definite (nothing took effect and nothing will), and what to do about it.
 */
interface ErrorKind {
  readonly status: number;
  /** Defaults that the thrower can override, e.g. after a write whose answer was lost. */
  readonly definite: boolean;
  readonly hint?: string;
  readonly retryAfterSeconds?: number;
}

export const errorTable = {
  auction_closed: { status: 409, definite: true },
  auction_not_over: { status: 409, definite: true, hint: 'Settle it when its time is up.' },
  auction_unknown: { status: 404, definite: true },
  bad_request: { status: 400, definite: true, hint: 'Correct the field named.' },
  battle_unknown: { status: 404, definite: true },
  bid_too_low: { status: 409, definite: true, hint: 'Bid more than the highest bid.' },
  body_too_large: { status: 413, definite: true, hint: 'Send less than the limit.' },
  city_unknown: { status: 404, definite: true },
  contention: {
    status: 503,
    definite: true,
    hint: 'Others changed the same entity all the time; try again.',
    retryAfterSeconds: 1,
  },
  database_unavailable: {
    status: 503,
    definite: true,
    hint: 'Try again when GET /api/health says that MongoDB is up.',
    retryAfterSeconds: 1,
  },
  deadline_exceeded: {
    status: 504,
    definite: false,
    hint: 'Try again with the same Idempotency-Key.',
    retryAfterSeconds: 1,
  },
  document_damaged: {
    status: 500,
    definite: true,
    hint: 'A document in the database is not valid; repair the one named. Other requests work.',
  },
  fenced: { status: 409, definite: true, hint: 'Another process took the lock over; it does the work.' },
  general_unknown: { status: 404, definite: true },
  gold_insufficient: { status: 409, definite: true },
  idempotency_key_reused: {
    status: 409,
    definite: true,
    hint: 'This Idempotency-Key belongs to a different request; use a new one.',
  },
  internal: { status: 500, definite: false, hint: 'See the log of the process for this request id.' },
  invalidation_undelivered: {
    status: 503,
    definite: true,
    hint: 'Neither Redis nor MongoDB could be told; the process goes on trying.',
    retryAfterSeconds: 1,
  },
  item_unavailable: {
    status: 409,
    definite: true,
    hint: 'The seller does not own it, or it is in an auction.',
  },
  item_unknown: { status: 404, definite: true },
  lock_not_acquired: {
    status: 409,
    definite: true,
    hint: 'Another process works on it; try again.',
    retryAfterSeconds: 1,
  },
  media_type_unsupported: { status: 415, definite: true, hint: 'Send application/json.' },
  nation_destroyed: { status: 409, definite: true },
  nation_missing: { status: 409, definite: true, hint: 'A general without a nation can not do this.' },
  nation_unknown: { status: 404, definite: true },
  outcome_unknown: {
    status: 503,
    definite: false,
    hint: 'It may have taken effect. Try again with the same Idempotency-Key.',
    retryAfterSeconds: 1,
  },
  overloaded: {
    status: 503,
    definite: true,
    hint: 'More is asked for than can be done; slow down.',
    retryAfterSeconds: 1,
  },
  population_insufficient: { status: 409, definite: true },
  redis_unavailable: {
    status: 503,
    definite: true,
    hint: 'Try again when GET /api/health says that Redis is up.',
    retryAfterSeconds: 1,
  },
  round_not_due: { status: 409, definite: true, hint: 'Rounds are played in order, without a gap.' },
  route_unknown: { status: 404, definite: true, hint: 'GET /api/openapi.json lists the routes.' },
  session_exists: { status: 409, definite: true, hint: 'Choose another sessionId.' },
  session_unknown: { status: 404, definite: true },
  tournament_unknown: { status: 404, definite: true },
  turn_incomplete: {
    status: 503,
    definite: false,
    hint: 'The next processor of this session completes the turn.',
    retryAfterSeconds: 1,
  },
  turn_not_due: { status: 409, definite: true, hint: 'Turns are processed in order, without a gap.' },
  unauthorized: { status: 401, definite: true, hint: 'Send authorization: Bearer ADMIN_TOKEN.' },
  version_conflict: { status: 409, definite: true, hint: 'Read the entity again and repeat the change.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorTable;

interface ErrorDetails {
  readonly definite?: boolean;
  readonly field?: string;
  readonly cause?: unknown;
}

export class SystemError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly definite: boolean;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SystemError';
    const kind: ErrorKind = errorTable[code];
    this.code = code;
    this.status = kind.status;
    this.definite = details.definite ?? kind.definite;
    this.field = details.field;
    this.hint = kind.hint;
    this.retryAfterSeconds = kind.retryAfterSeconds;
  }
}

/**
 * The entity is not at the version the change was made from. `mayHaveApplied`: an earlier attempt of this very write may
 * have been applied and overwritten since, so the caller that repeats it must be able to recognise its own effect.
 */
export class VersionConflictError extends SystemError {
  readonly mayHaveApplied: boolean;

  constructor(message: string, mayHaveApplied: boolean) {
    super('version_conflict', message, { definite: !mayHaveApplied });
    this.name = 'VersionConflictError';
    this.mayHaveApplied = mayHaveApplied;
  }
}

/** Redis could not be asked, or its answer did not come: the caller goes on without it. */
export class RedisUnavailableError extends SystemError {
  constructor(message: string, cause?: unknown) {
    super('redis_unavailable', message, { cause });
    this.name = 'RedisUnavailableError';
  }
}

export function isDamaged(error: unknown): error is SystemError {
  return error instanceof SystemError && error.code === 'document_damaged';
}

const damagedNamedMax = 5;

/** Throws one `document_damaged` that counts the damaged documents and names the first of them; returns when there are none. */
export function throwDamaged(errors: readonly SystemError[]): void {
  // A document that was read several times counts once.
  const problems = [...new Set(errors.map(({ message }) => message))];
  if (problems.length === 0) return;
  const wait = problems.length === 1 ? '1 document waits' : `${problems.length} documents wait`;
  const named = problems.slice(0, damagedNamedMax).join('; ');
  throw new SystemError('document_damaged', `${wait} for repair: ${named}`);
}

/** Ends of an attempt after which the same attempt may well succeed. */
const passing: ReadonlySet<string> = new Set<ErrorCode>([
  'contention',
  'database_unavailable',
  'deadline_exceeded',
  'fenced',
  'invalidation_undelivered',
  'lock_not_acquired',
  'outcome_unknown',
  'overloaded',
  'redis_unavailable',
  'version_conflict',
]);

/** Whether what failed is likely to pass by itself, as an outage does; false for what will fail again the same way. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof SystemError)) return false;
  return passing.has(error.code) || (error.code === 'turn_incomplete' && isPassing(error.cause));
}

/** The text of anything thrown, with what caused it, for logs. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = `${error.name}: ${error.message}`;
  return error.cause === undefined ? text : `${text} (${describeError(error.cause)})`;
}
