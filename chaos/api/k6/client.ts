/**
 * Sends one request as one operation, decides its outcome and writes its line of the history. Latency counts from the intended start, so that a
 * slow target cannot hide behind a waiting client.
 */
import exec from 'k6/execution';
import http from 'k6/http';
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

/** The present iteration as an arrival of the open schedule of `ratePerSecond`, which starts with the load. */
export function arrival(settings: ScriptSettings, ratePerSecond: number): Arrival {
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
export interface Request<A extends Answer = Answer> {
  readonly f: string;
  readonly kind: 'read' | 'write';
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly describe?: (answer: A) => Readonly<Record<string, unknown>>;
  /** Beside, and over, those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends a write a second time under the same Idempotency-Key: it must not take effect twice. The second answer is recorded as `again`. */
  readonly repeat?: boolean;
  /** Once the write has succeeded, sends this other body under the same Idempotency-Key. The answer is recorded as `reused`. */
  readonly reuse?: Readonly<Record<string, unknown>>;
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

/** Resolves to the answer that decided the operation's outcome. Without `readAnswer` it is read as JSON. */
export function perform(settings: ScriptSettings, at: Arrival, request: Request): Promise<Answer>;
export function perform<A extends Answer>(
  settings: ScriptSettings,
  at: Moment,
  request: Request<A>,
  readAnswer: ReadAnswer<A>,
): Promise<A>;
export async function perform(
  settings: ScriptSettings,
  at: Moment,
  request: Request,
  readAnswer: ReadAnswer<Answer> = readJson,
): Promise<Answer> {
  const key = `${request.f}-${uniqueName()}`;
  const startedMs = nowMs();
  let answer = await send(settings, at, request, key, readAnswer);
  const answeredMs = nowMs();
  const tags = { phase: phaseOf(settings.faultSpan, at.loadStartMs, at.intendedMs, answeredMs) };
  latency.add(answeredMs - at.intendedMs, tags);
  const further: Record<string, unknown> = {};
  if (request.repeat === true) {
    const again = await send(settings, at, request, key, readAnswer);
    if (answer.error !== undefined && again.error === undefined) answer = again;
    else further['again'] = told(request, again);
  }
  if (request.reuse !== undefined && answer.error === undefined) {
    const reused = await send(settings, at, { ...request, body: request.reuse }, key, readAnswer);
    further['reused'] = told(request, reused);
  }
  const endedMs = nowMs();
  unavailable.add(answer.status === 0 || answer.status >= 500, tags);
  const attempts = 1 + Number(request.repeat === true) + Number('reused' in further);
  recordOperation(
    request.f,
    outcomeOf(request.kind, answer),
    { ...request.subject, ...told(request, answer), ...(attempts > 1 ? { attempts } : {}), ...further },
    { intendedMs: at.intendedMs, startedMs, endedMs },
    answer.error,
  );
  return answer;
}

/** What the operation's value holds of one answer. */
function told(request: Request, answer: Answer): Readonly<Record<string, unknown>> {
  const described = answer.error === undefined ? request.describe?.(answer) : answer.failure;
  return { ...described, status: answer.status };
}

/**
 * A successful write took effect, a definite failure did not, anything else may have. A read changes nothing, so without an answer
 * it failed.
 */
function outcomeOf(kind: 'read' | 'write', { error, definite }: Answer): Outcome {
  if (error === undefined) return 'ok';
  return kind === 'read' || definite ? 'fail' : 'info';
}

async function send(
  settings: ScriptSettings,
  at: Moment,
  request: Request,
  key: string,
  readAnswer: ReadAnswer<Answer>,
): Promise<Answer> {
  const base = settings.baseUrls[at.random.integer(0, settings.baseUrls.length - 1)] ?? '';
  const response = await http.asyncRequest(
    request.method,
    `${base}${request.path}`,
    request.body === undefined ? null : JSON.stringify(request.body),
    {
      headers: {
        'content-type': 'application/json',
        ...(request.kind === 'write' ? { 'idempotency-key': key } : {}),
        ...request.headers,
      },
      timeout: settings.timeoutMs,
      tags: { name: request.f, phase: phaseOf(settings.faultSpan, at.loadStartMs, at.intendedMs) },
    },
  );
  const headers = Object.entries(response.headers).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  return readAnswer(response.status, response.body, response.error, Object.fromEntries(headers));
}
