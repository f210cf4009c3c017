/** Reads an answer of the API and decides what the client may believe of it. */
import type { Outcome } from './history.ts';

export interface Answer {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** `data` of a success, otherwise empty. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Elements of `data` when it is a list, otherwise null. */
  readonly count: number | null;
  /** `outcome` of a change that succeeded. */
  readonly outcome: string | null;
  /** Whether an error says that nothing took effect and nothing will. */
  readonly definite: boolean;
  /** Code and message of a failure. */
  readonly error: string | undefined;
}

/** `transportError` is k6's own word for why there was no answer. */
export function readAnswer(status: number, body: unknown, transportError: string): Answer {
  if (status === 0) return failure(0, false, transportError === '' ? 'no answer' : transportError);
  const parsed = parseObject(body);
  if (status >= 200 && status < 300) {
    const data = parsed['data'];
    return {
      status,
      data: isObject(data) ? data : {},
      count: Array.isArray(data) ? data.length : null,
      outcome: typeof parsed['outcome'] === 'string' ? parsed['outcome'] : null,
      definite: true,
      error: undefined,
    };
  }
  const error = isObject(parsed['error']) ? parsed['error'] : {};
  const definite = error['definite'] === true || (status >= 400 && status < 500);
  return failure(status, definite, `${status} ${String(error['code'] ?? 'without a code')}`);
}

/** A change: 2xx took effect, a definite error did not, everything else may have. */
export function outcomeOfChange(answer: Answer): Outcome {
  if (answer.error === undefined) return 'ok';
  return answer.definite ? 'fail' : 'info';
}

/** A read changes nothing, so without an answer it simply failed. */
export function outcomeOfRead(answer: Answer): Outcome {
  return answer.error === undefined ? 'ok' : 'fail';
}

function failure(status: number, definite: boolean, error: string): Answer {
  return { status, data: {}, count: null, outcome: null, definite, error };
}

function parseObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
