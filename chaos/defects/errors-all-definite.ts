/** Stands in for `system/api/answer-errors.ts`: every failure says that nothing took effect, also one that may have. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as right from '../../system/api/answer-errors.ts';
import { SystemError } from '../../system/errors.ts';

export { answerUnknownRoute } from '../../system/api/answer-errors.ts';

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return right.answerError(error instanceof SystemError ? definite(error) : error, request, reply);
}

export function errorBody(error: SystemError, method: string): ReturnType<typeof right.errorBody> {
  return right.errorBody(definite(error), method);
}

function definite(error: SystemError): SystemError {
  return new SystemError(error.code, error.message, { definite: true, cause: error.cause });
}
