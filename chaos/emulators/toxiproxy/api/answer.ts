/** What a route answers, before it becomes HTTP. */
import type { ApiError } from '../errors.ts';
import { renderError } from './render.ts';

export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  /** Tells browsers not to guess the type; the original sends it with every error. */
  readonly noSniff?: boolean;
  /** In parts where the whole would be too large for the memory. */
  readonly body: string | Iterable<string>;
}

export function json(status: number, body: string): Answer {
  return { status, contentType: 'application/json', body };
}

export function noContent(): Answer {
  return { status: 204, body: '' };
}

export function plainText(status: number, body: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', noSniff: true, body };
}

/** The JSON of an error goes out as text/plain with a line break: a trait of Go's http.Error that clients know. */
export function errorAnswer(error: ApiError): Answer {
  return plainText(error.status, `${renderError(error)}\n`);
}
