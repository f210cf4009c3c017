/** Requests to the API in tests: plain fetch, with the answer's JSON unchecked by type but never by hand-waving. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** The answer's JSON; undefined when it is none. */
  readonly json: unknown;
}

const DEADLINE_MS = 20_000;

export async function request(url: string, method: string, path: string, body?: unknown): Promise<ApiAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, text, json };
}
