/** What can be injected at a site: every fault that a client of that store has to expect at that call. */
import {
  type CallFaultKind,
  callFaultKinds,
  type CallParameters,
} from '../faults/at-call/call-parameters.ts';
import { errorsExpectedAt, type StoreErrorName } from '../faults/at-call/store-errors.ts';
import { type Site, siteName } from './sites.ts';

/** One fault at one site. */
export interface Candidate {
  readonly site: Site;
  readonly siteName: string;
  readonly happens: CallFaultKind;
  readonly error?: StoreErrorName;
}

export interface CandidateLimits {
  /** Longer than a client of the target waits for an answer; milliseconds. */
  readonly lateMs: number;
  /** Longer than the locks of the target last; milliseconds. */
  readonly pauseMs: number;
  /** How long a process of the target takes to start; milliseconds. */
  readonly startMs: number;
}

/** As the tables name it. */
export function faultName({ happens, error }: Pick<Candidate, 'error' | 'happens'>): string {
  return error ?? happens;
}

export function candidateId(candidate: Candidate): string {
  return `${candidate.siteName} × ${faultName(candidate)}`;
}

/** In the order in which they are worth trying. `kinds`: those that this stack can do. */
export function candidatesAt(site: Site, kinds: ReadonlySet<CallFaultKind>): Candidate[] {
  const name = siteName(site);
  return callFaultKinds
    .filter((happens) => kinds.has(happens))
    .flatMap((happens): Candidate[] =>
      happens === 'error'
        ? errorsExpectedAt(site.store, site.traits).map((error) => ({ site, siteName: name, happens, error }))
        : [{ site, siteName: name, happens }],
    );
}

/** The parameters of the fault `at-call`. */
export function parametersOf(
  { site, happens, error }: Candidate,
  { lateMs, pauseMs }: CandidateLimits,
  id: string,
): CallParameters {
  const { role, store, command, target, nth, traits } = site;
  const late = happens === 'late-command' || happens === 'late-reply';
  return {
    role,
    store,
    command,
    target: target === '' ? '*' : target,
    nth,
    happens,
    inTransaction: traits.inTransaction,
    retryable: traits.retryable,
    ...(error === undefined ? {} : { error }),
    ...(late ? { forMs: lateMs } : happens === 'pause' ? { forMs: pauseMs } : {}),
    id,
  };
}
