/** The codes of failures and their statuses, as docs/system-errors.md lists them. */

const codes: Readonly<Record<number, readonly string[]>> = {
  400: ['bad_request'],
  401: ['unauthorized'],
  404: [
    'auction_unknown',
    'battle_unknown',
    'city_unknown',
    'general_unknown',
    'item_unknown',
    'nation_unknown',
    'route_unknown',
    'session_unknown',
    'tournament_unknown',
  ],
  409: [
    'auction_closed',
    'auction_not_over',
    'bid_too_low',
    'fenced',
    'gold_insufficient',
    'idempotency_key_reused',
    'item_unavailable',
    'lock_not_acquired',
    'nation_destroyed',
    'nation_missing',
    'population_insufficient',
    'round_not_due',
    'session_exists',
    'turn_not_due',
    'version_conflict',
  ],
  413: ['body_too_large'],
  415: ['media_type_unsupported'],
  500: ['document_damaged', 'internal'],
  503: [
    'contention',
    'database_unavailable',
    'invalidation_undelivered',
    'outcome_unknown',
    'overloaded',
    'redis_unavailable',
    'turn_incomplete',
  ],
  504: ['deadline_exceeded'],
};

export const statusOfCode: ReadonlyMap<string, number> = new Map(
  Object.entries(codes).flatMap(([status, names]) => names.map((name) => [name, Number(status)] as const)),
);

/** Refusals that say only what others were doing at that moment. */
export const passingCodes: ReadonlySet<string> = new Set(['fenced', 'lock_not_acquired', 'version_conflict']);
