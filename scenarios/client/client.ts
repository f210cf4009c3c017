/**
 * The game client of all scripts: it sends one request, decides its outcome by the rules of docs/data.md and writes its line
 * of the history. Latency counts from the intended start, so that a slow system cannot hide behind a waiting client.
 */
import exec from 'k6/execution';
import http from 'k6/http';
import { Rate, Trend } from 'k6/metrics';
import { outcomeOfChange, outcomeOfRead, readAnswer, type Answer } from './answer.ts';
import { nowMs } from './clock.ts';
import { processNumber, recordOperation, type Outcome } from './history.ts';
import { phaseOf } from './phases.ts';
import { randomOfIteration, type IterationRandom } from './random.ts';
import type { ScriptSettings } from './settings.ts';

/** Share of operations that the system did not serve: no answer, or 5xx. */
const unavailable = new Rate('redcliff_unavailable');
/** Milliseconds from the intended start to the answer, the first one of a change that is sent twice. */
const latency = new Trend('redcliff_latency', true);

/** One arrival: its intended start and the randomness that is its own. */
export interface Arrival {
  readonly intendedMs: number;
  readonly random: IterationRandom;
}

let orders = 0;

/** Unique in a run: a lost write has a name. */
export function nextOrder(): string {
  orders += 1;
  return `${processNumber()}-${orders}`;
}

/** The present iteration as an arrival of the open schedule of `ratePerSecond`. */
export function arrival(settings: ScriptSettings, ratePerSecond: number): Arrival {
  const iteration = exec.scenario.iterationInTest;
  return {
    intendedMs: exec.scenario.startTime + (iteration * 1000) / ratePerSecond,
    random: randomOfIteration(settings.seed, exec.scenario.name, iteration),
  };
}

/** What follows at once from what an iteration has just learnt: intended now, with the iteration's randomness. */
export function followUp({ random }: Arrival): Arrival {
  return { intendedMs: nowMs(), random };
}

/** `describe` gives what an answer adds to the operation's value, which always holds `subject` and the status. */
export interface Request {
  readonly f: string;
  readonly kind: 'read' | 'change';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly describe: (answer: Answer) => Readonly<Record<string, unknown>>;
  /** Sends a change a second time under the same Idempotency-Key: it must not take effect twice. */
  readonly repeat?: boolean;
}

/** Resolves to the answer that decided the operation's outcome. */
export async function perform(settings: ScriptSettings, at: Arrival, request: Request): Promise<Answer> {
  const key = `${request.f}-${nextOrder()}`;
  const startedMs = nowMs();
  let answer = await send(settings, at, request, key);
  const answeredMs = nowMs();
  const tags = { phase: phaseOf(settings, at.intendedMs, answeredMs) };
  latency.add(answeredMs - at.intendedMs, tags);
  if (request.repeat === true) {
    const again = await send(settings, at, request, key);
    if (answer.error !== undefined && again.error === undefined) answer = again;
  }
  const endedMs = nowMs();
  const type: Outcome = request.kind === 'read' ? outcomeOfRead(answer) : outcomeOfChange(answer);
  const described = answer.error === undefined ? request.describe(answer) : {};
  unavailable.add(answer.status === 0 || answer.status >= 500, tags);
  recordOperation(
    request.f,
    type,
    {
      ...request.subject,
      ...described,
      status: answer.status,
      ...(request.repeat === true ? { attempts: 2 } : {}),
    },
    { intendedMs: at.intendedMs, startedMs, endedMs },
    answer.error,
  );
  return answer;
}

async function send(settings: ScriptSettings, at: Arrival, request: Request, key: string): Promise<Answer> {
  const base = settings.apiUrls[at.random.integer(0, settings.apiUrls.length - 1)] ?? '';
  const response = await http.asyncRequest(
    request.method,
    `${base}${request.path}`,
    request.body === undefined ? null : JSON.stringify(request.body),
    {
      headers: {
        'content-type': 'application/json',
        ...(request.kind === 'change' ? { 'idempotency-key': key } : {}),
      },
      timeout: settings.patienceMs,
      tags: { name: request.f, phase: phaseOf(settings, at.intendedMs) },
    },
  );
  return readAnswer(response.status, response.body, response.error);
}
