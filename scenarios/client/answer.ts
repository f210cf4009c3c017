/** Reads an answer of the API: what it holds, and whether a failure is final. */
import type { Answer as AnyAnswer } from '../../chaos/api/k6/index.ts';

export interface Answer extends AnyAnswer {
  /** Elements of `data` when it is a list, otherwise null. */
  readonly list: readonly Readonly<Record<string, unknown>>[] | null;
  /** `outcome` of a change that succeeded. */
  readonly outcome: string | null;
}

/** `transportError` is k6's own word for why there was no answer. */
export function readAnswer(
  status: number,
  body: unknown,
  transportError: string,
  headers: Readonly<Record<string, string>>,
): Answer {
  if (status === 0) return failed(0, false, transportError === '' ? 'no answer' : transportError);
  const parsed = parseObject(body);
  if (status >= 200 && status < 300) {
    const data = parsed['data'];
    return {
      status,
      data: isObject(data) ? data : {},
      list: Array.isArray(data) ? data.map((entry) => (isObject(entry) ? entry : {})) : null,
      outcome: typeof parsed['outcome'] === 'string' ? parsed['outcome'] : null,
      definite: true,
      error: undefined,
    };
  }
  const error = isObject(parsed['error']) ? parsed['error'] : {};
  const { code, message } = error;
  const definite = error['definite'] === true || (status >= 400 && status < 500);
  return {
    ...failed(status, definite, `${status} ${String(code ?? 'without a code')}`),
    failure: {
      code: typeof code === 'string' ? code : null,
      definite: typeof error['definite'] === 'boolean' ? error['definite'] : null,
      retryAfter: headers['retry-after'] !== undefined,
      // One line of text, not the lines of a stack.
      plain: typeof message === 'string' && message !== '' && !/\n|\.[cm]?[jt]s:\d+/.test(message),
      ...(isObject(parsed['data']) ? storesOf(parsed['data']) : {}),
    },
  };
}

/** What GET /api/health says of the stores, also with a 503. */
export function storesOf({ redis, mongo }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { redis, mongo };
}

function failed(status: number, definite: boolean, error: string): Answer {
  return { status, data: {}, list: null, outcome: null, definite, error };
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
