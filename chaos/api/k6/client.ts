/** Sends one request as one operation, with promises. */
import http from 'k6/http';
import { nowMs } from './clock.ts';
import {
  addressed,
  type Answer,
  type Arrival,
  finishOperation,
  lowerCased,
  type Moment,
  type ReadAnswer,
  readJson,
  type RecordedOperation,
  told,
  uniqueName,
} from './record.ts';
import type { ScriptSettings } from './settings.ts';

export interface Request<A extends Answer = Answer> extends Omit<RecordedOperation<A>, 'readAnswer'> {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Sends a write a second time under the same Idempotency-Key: it must not take effect twice. The second answer is recorded as `again`. */
  readonly repeat?: boolean;
  /** Once the write has succeeded, sends this other body under the same Idempotency-Key. The answer is recorded as `reused`. */
  readonly reuse?: Readonly<Record<string, unknown>>;
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
  const sendOnce = (sent: Request): Promise<Answer> => send(settings, at, sent, key, startedMs, readAnswer);
  let answer = await sendOnce(request);
  const answeredMs = nowMs();
  const further: Record<string, unknown> = {};
  if (request.repeat === true) {
    const again = await sendOnce(request);
    if (answer.error !== undefined && again.error === undefined) answer = again;
    else further['again'] = told(request, again);
  }
  if (request.reuse !== undefined && answer.error === undefined) {
    const reused = await sendOnce({ ...request, body: request.reuse });
    further['reused'] = told(request, reused);
  }
  const attempts = 1 + Number(request.repeat === true) + Number('reused' in further);
  finishOperation(settings, at, request, answer, { startedMs, answeredMs, attempts, further });
  return answer;
}

async function send(
  settings: ScriptSettings,
  at: Moment,
  request: Request,
  key: string,
  startedMs: number,
  readAnswer: ReadAnswer<Answer>,
): Promise<Answer> {
  const { base, params } = addressed(settings, at, request, key, startedMs);
  const response = await http.asyncRequest(
    request.method,
    `${base}${request.path}`,
    request.body === undefined ? null : JSON.stringify(request.body),
    params,
  );
  return readAnswer(response.status, response.body, response.error, lowerCased(response.headers));
}
