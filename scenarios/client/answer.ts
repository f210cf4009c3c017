/** Reads an answer of the API: what it holds, and whether a failure is final. */
import type { Answer as AnyAnswer } from '../../chaos/api/k6/index.ts';

export interface Answer extends AnyAnswer {
  /** Elements of `data` when it is a list, otherwise null. */
  readonly count: number | null;
  /** `outcome` of a change that succeeded. */
  readonly outcome: string | null;
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
