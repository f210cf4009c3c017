/**
 * What an operation is and what came of it: its moment, its outcome and its line of the history. Nothing here waits, so that scripts with calls that block and
 * scripts with promises can use it.
 */
import exec from 'k6/execution';
import { Rate, Trend } from 'k6/metrics';
import { nowMs } from './clock.ts';
import { evenlySpread } from './deck.ts';
import { processNumber, recordOperation, type Outcome } from './history.ts';
import { phaseOf } from './phases.ts';
import { randomOfIteration, type IterationRandom } from './random.ts';
import type { ScriptSettings } from './settings.ts';

/** Share of operations that the target did not serve: no answer, or 5xx. */
const unavailable = new Rate('redcliff_unavailable');
/** Milliseconds from the intended start to the answer, the first one of a write that is sent twice. */
const latency = new Trend('redcliff_latency', true);

/** What an answer means to the client that got it. */
export interface Answer {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** What the operation's `describe` reads; empty for a failure. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether an error says that nothing took effect and nothing will. */
  readonly definite: boolean;
  /** Code and message of a failure. */
  readonly error: string | undefined;
  /** What a failure adds to the operation's value, such as its code. */
  readonly failure?: Readonly<Record<string, unknown>>;
}

/** `transportError` is the reason that k6 gives when there was no answer. Names of headers are in lower case. */
export type ReadAnswer<A extends Answer> = (
  status: number,
  body: unknown,
  transportError: string,
  headers: Readonly<Record<string, string>>,
) => A;

/** The intended start of an operation and its own stream of randomness. Times are epoch milliseconds. */
export interface Moment {
  /** Undefined before the load, in setup(). */
  readonly loadStartMs?: number | undefined;
  readonly intendedMs: number;
  readonly random: IterationRandom;
}

/** One arrival of an open schedule. */
export interface Arrival extends Moment {
  /**
   * For choosing what the arrival does: in [0, 1), and of 20 arrivals in a row one falls into each twentieth, so that no choice of a twentieth or
   * more is missing by chance.
   */
  readonly choice: number;
}

let names = 0;

/** Unique in a run, so that a lost write can be named. */
export function uniqueName(): string {
  names += 1;
  return `${processNumber()}-${names}`;
}

/** The present iteration as an arrival of the open schedule of `ratePerSecond`, the scenario's own rate when absent, which starts with the load. */
export function arrival(settings: ScriptSettings, ratePerSecond = settings.ratePerSecond): Arrival {
  const { iterationInTest: iteration, startTime } = exec.scenario;
  return {
    loadStartMs: startTime,
    intendedMs: startTime + (iteration * 1000) / ratePerSecond,
    random: randomOfIteration(settings.seed, exec.scenario.name, iteration),
    choice: evenlySpread(settings.seed, exec.scenario.name, iteration),
  };
}

/** A request that follows immediately from an earlier answer: intended now, with the iteration's randomness. */
export function followUp({ loadStartMs, random }: Moment): Moment {
  return { loadStartMs, intendedMs: nowMs(), random };
}

/** `describe` gives what an answer adds to the operation's value, which always holds `subject` and the status. */
export interface RecordedOperation<A extends Answer = Answer> {
  readonly f: string;
  readonly kind: 'read' | 'write';
  readonly subject: Readonly<Record<string, unknown>>;
  readonly describe?: (answer: A) => Readonly<Record<string, unknown>>;
  /** Beside, and over, those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Without it the answer is read as JSON. */
  readonly readAnswer?: ReadAnswer<A>;
}

/**
 * An answer of a service that speaks JSON and means what its status says: 4xx refuses, so nothing took effect; after 5xx, or without an answer, it may
 * have.
 */
export const readJson: ReadAnswer<Answer> = (status, body, transportError) => {
  const parsed = parse(body);
  const data = typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  if (status >= 200 && status < 400) return { status, data, definite: true, error: undefined };
  const error = status === 0 ? transportError || 'no answer' : String(status);
  return { status, data: {}, definite: status >= 400 && status < 500, error };
};

function parse(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return null;
  }
}

/** The parts of a response of k6 that decide what came of a request. */
interface ResponseOfK6 {
  readonly status: number;
  readonly body: unknown;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that is about to be sent. */
export interface OpenRecord {
  /** Base address of one serving process, without a slash at the end. */
  readonly base: string;
  /** For the call of k6, so that the request has its deadline and its tags. */
  readonly params: {
    readonly headers: Record<string, string>;
    readonly timeout: number;
    readonly tags: Record<string, string>;
  };
  /** Writes the line of the history; call it once, as soon as the response is there. */
  finish(response: ResponseOfK6): Answer;
}

/**
 * For a request that the script sends itself, by any call of `k6/http`, whether it blocks or is awaited. Its time counts from this call to that
 * of `finish`.
 */
export function record<A extends Answer = Answer>(
  settings: ScriptSettings,
  at: Moment,
  operation: RecordedOperation<A>,
): OpenRecord {
  const { readAnswer = readJson as ReadAnswer<A> } = operation;
  const startedMs = nowMs();
  return {
    ...addressed(settings, at, operation, `${operation.f}-${uniqueName()}`, startedMs),
    finish: ({ status, body, error, headers }) => {
      const answer = readAnswer(status, body, error, lowerCased(headers));
      finishOperation(settings, at, operation, answer, { startedMs, answeredMs: nowMs(), attempts: 1 });
      return answer;
    },
  };
}

/** Measures an operation and writes its line of the history. */
export function finishOperation<A extends Answer>(
  settings: ScriptSettings,
  at: Moment,
  operation: RecordedOperation<A>,
  answer: A,
  sent: {
    readonly startedMs: number;
    readonly answeredMs: number;
    readonly attempts: number;
    /** What later answers to the same operation add to its value. */
    readonly further?: Readonly<Record<string, unknown>>;
  },
): void {
  const { startedMs, answeredMs, attempts, further } = sent;
  const tags = { phase: phaseOf(settings.faultSpan, at.loadStartMs, at.intendedMs, answeredMs) };
  latency.add(answeredMs - at.intendedMs, tags);
  unavailable.add(answer.status === 0 || answer.status >= 500, tags);
  const value = told(operation, answer);
  recordOperation(
    operation.f,
    outcomeOf(operation.kind, answer),
    {
      ...operation.subject,
      ...value,
      ...(attempts === 1 ? {} : { attempts }),
      ...further,
    },
    { intendedMs: at.intendedMs, startedMs, endedMs: nowMs() },
    answer.error,
    answer.error === undefined ? Object.keys(value).filter((name) => name !== 'status') : [],
  );
}

/** What the operation's value holds of one answer. */
export function told<A extends Answer>(
  operation: Pick<RecordedOperation<A>, 'describe'>,
  answer: A,
): Readonly<Record<string, unknown>> {
  const described = answer.error === undefined ? operation.describe?.(answer) : answer.failure;
  return { ...described, status: answer.status };
}

/** k6 gives names of headers as Go writes them. */
export function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * A successful write took effect, a definite failure did not, anything else may have. A read changes nothing, so without an answer
 * it failed.
 */
function outcomeOf(kind: 'read' | 'write', { error, definite }: Answer): Outcome {
  if (error === undefined) return 'ok';
  return kind === 'read' || definite ? 'fail' : 'info';
}

/** Where a request goes, and its parameters. `key` is the same for a write that is sent again, and so is `startedMs`, by which the trace names its operation. */
export function addressed(
  settings: ScriptSettings,
  at: Moment,
  { f, kind, headers }: Pick<RecordedOperation, 'f' | 'headers' | 'kind'>,
  key: string,
  startedMs: number,
): Pick<OpenRecord, 'base' | 'params'> {
  return {
    base: settings.baseUrls[at.random.integer(0, settings.baseUrls.length - 1)] ?? '',
    params: {
      headers: {
        'content-type': 'application/json',
        'x-redcliff-operation': `${processNumber()}@${startedMs}`,
        ...(kind === 'write' ? { 'idempotency-key': key } : {}),
        ...headers,
      },
      timeout: settings.timeoutMs,
      tags: { name: f, phase: phaseOf(settings.faultSpan, at.loadStartMs, at.intendedMs) },
    },
  };
}
