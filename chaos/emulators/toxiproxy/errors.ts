/**
 * Every error the HTTP API answers with, in one list. The first group has the texts and statuses of Toxiproxy 2.12,
 * because clients match on them; the second belongs to what goes beyond it and follows the same shape.
 */
interface ErrorDescription {
  readonly status: number;
  readonly message: string;
}

export const apiErrors = {
  badRequestBody: { status: 400, message: 'bad request body' },
  invalidStream: { status: 400, message: 'stream was invalid, can be either upstream or downstream' },
  invalidToxicType: { status: 400, message: 'invalid toxic type' },
  listenFailed: { status: 500, message: 'listen tcp' },
  missingField: { status: 400, message: 'missing required field' },
  proxyAlreadyExists: { status: 409, message: 'proxy already exists' },
  proxyNotFound: { status: 404, message: 'proxy not found' },
  toxicAlreadyExists: { status: 409, message: 'toxic already exists' },
  toxicNotFound: { status: 404, message: 'toxic not found' },

  faultAlreadyExists: { status: 409, message: 'fault already exists' },
  faultNotFound: { status: 404, message: 'fault not found' },
  holdNotFound: { status: 404, message: 'hold not found' },
  injectionAlreadyExists: { status: 409, message: 'injection already exists' },
  injectionNotFound: { status: 404, message: 'injection not found' },
  internal: { status: 500, message: 'internal error' },
  traceNotRunning: { status: 409, message: 'no trace is being recorded' },
} as const satisfies Record<string, ErrorDescription>;

export type ApiErrorCode = keyof typeof apiErrors;

/** A refused request. `message` is the listed text, followed by `detail` after a colon when there is one. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;

  constructor(code: ApiErrorCode, detail?: string) {
    const described = apiErrors[code];
    super(detail === undefined ? described.message : `${described.message}: ${detail}`);
    this.name = 'ApiError';
    this.code = code;
    this.status = described.status;
  }

  /** A listener that could not be opened; `text` continues "listen tcp" in the words of the original. */
  static listenFailed(text: string): ApiError {
    const error = new ApiError('listenFailed');
    error.message = `listen tcp${text}`;
    return error;
  }
}
