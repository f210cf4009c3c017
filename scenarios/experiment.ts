/** What a scenario declares beside its k6 script: the world, the processes, the outages it is run under and what must hold. */

/** Size of the seeded world; one general belongs to one session. */
export interface World {
  readonly sessions: number;
  readonly generals: number;
  readonly cities: number;
  readonly nations: number;
  /** What is contended for; none when absent. */
  readonly items?: number;
  readonly battles?: number;
  /** Pairs of nations that begin as allies or enemies. */
  readonly relations?: number;
  readonly tournaments?: number;
  /** From the making of the world, about two seconds before the load, until its battles end; also a tournament's period. */
  readonly battleDurationMs?: number;
}

/** How many processes of each kind run; none of those that are absent. */
export interface Processes {
  readonly api: number;
  readonly turnProcessor: number;
  readonly dbSync: number;
  readonly auctionProcessor?: number;
  readonly battleProcessor?: number;
  readonly tournamentProcessor?: number;
}

/**
 * Load as the script needs it. `ratePerSecond` is the arrival rate of the script's main scenario; `maxVus` bounds the
 * clients that may wait at once: rate × (request deadline + client's patience), so that no arrival is dropped.
 */
export interface Load {
  readonly durationMs: number;
  readonly ratePerSecond: number;
  readonly maxVus: number;
  /** What the script's setup() has to do takes this long; the load starts as much later. */
  readonly setupMs?: number | undefined;
}

export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** File of the k6 script, relative to `scenarios/`. */
  readonly script: string;
  readonly world: World;
  readonly processes: Processes;
  readonly load: Load;
  /** Settings of the system under test, as environment variables, over those of every experiment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Outages the scenario makes sense under, in the order in which they are run; `none` is always run first. */
  readonly outages: readonly string[];
  /** Further outages that it makes sense under, of the suite `ci`. */
  readonly moreOutages?: readonly string[];
  /** Those of all that make up its part of the suite `smoke`; `none` may be one of them. */
  readonly smokeOutages?: readonly string[];
  /** Of the load, under outages that take longer than others: a baseline before and a recovery after are to be seen as well. */
  readonly durationMsUnder?: Readonly<Record<string, number>>;
  /** False for one that is run only when it, an outage or a suite is asked for. */
  readonly byDefault?: false;
  readonly invariants: readonly string[];
  /**
   * Largest share of operations that may end without success while an outage lasts, by outage; `default` for the rest.
   * What has to be refused in an outage is refused: the share says how much of the load that may concern.
   */
  readonly unavailableShareMax: Readonly<Record<string, number>>;
  /**
   * The same within a phase of the load, for those that have a limit of their own: thresholds on `{phase:baseline}`, `{phase:fault}`
   * and `{phase:recovery}`. The fault lasts as planned; what takes longer to heal reaches into the recovery.
   */
  readonly unavailableInPhaseMax?: Readonly<
    Partial<Record<'baseline' | 'fault' | 'recovery', Readonly<Record<string, number>>>>
  >;
}
