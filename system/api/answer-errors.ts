/**
 * Turns what a request ends with into the answer of the contract: a code, a message, a definite or open outcome, never a stack trace.
 * An outage that no other part has reported is recognised here, so that no route answers it as an internal error.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isOutage } from '../database/outage.ts';
import { describeError, SystemError } from '../errors.ts';

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toSystemError(error, request.method);
  if (known.status >= 500) {
    const cause = known.cause === undefined ? undefined : describeError(known.cause);
    request.log.warn(
      { requestId: request.id, code: known.code, error: known.message, cause },
      'request failed',
    );
  }
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds));
  return reply.code(known.status).send({ error: errorBody(known, request.method) });
}

export function errorBody(error: SystemError, method: string) {
  return {
    code: error.code,
    message: error.message,
    ...(error.field === undefined ? {} : { field: error.field }),
    // What only reads has changed nothing, however it ended.
    definite: error.definite || method === 'GET' || method === 'HEAD',
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

function toSystemError(error: unknown, method: string): SystemError {
  if (error instanceof SystemError) return error;
  if (isOutage(error)) return outage(error, method);
  if (isRedisReply(error)) {
    const definite = method === 'GET';
    return new SystemError('redis_unavailable', 'Redis refused a command', { definite, cause: error });
  }
  if (!isFastifyError(error)) return new SystemError('internal', 'the request failed', { cause: error });
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new SystemError('body_too_large', 'the body is too large', { field: 'body' });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new SystemError('media_type_unsupported', error.message, { field: 'content-type' });
    default:
      return (error.statusCode ?? 500) < 500
        ? new SystemError('bad_request', error.message, { field: 'body' })
        : new SystemError('internal', 'the request failed', { cause: error });
  }
}

/** Of MongoDB, met by a part that does not know what it had done by then. */
function outage(cause: unknown, method: string): SystemError {
  return method === 'GET' || method === 'HEAD'
    ? new SystemError('database_unavailable', 'MongoDB could not be read', { cause })
    : new SystemError('outcome_unknown', 'MongoDB failed before the request was done', { cause });
}

/** An answer of Redis that is an error, e.g. because it is full or a replica. */
function isRedisReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error;
}

export function answerUnknownRoute(request: FastifyRequest): never {
  throw new SystemError('route_unknown', `there is no ${request.method} ${request.url.split('?')[0]}`);
}
