/** Lets routes state their input as zod schemas: Fastify validates with them, and handlers get the parsed types. */
import type { FastifyRequest, FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import { z } from 'zod';
import { SystemError } from '../errors.ts';

export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: unknown;
}

/** The first problem is reported, with the field's path as the client knows it. */
export const validatorCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) throw new TypeError('routes state their input as zod schemas');
  return (input: unknown) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return { value: parsed.data };
    const issue = parsed.error.issues[0];
    const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])]
      .map(String)
      .join('.');
    const field = path === '' ? (httpPart ?? 'body') : path;
    return {
      error: new SystemError('bad_request', `${field}: ${issue?.message ?? 'is not valid'}`, { field }),
    };
  };
};

export function requestTarget(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown';
}
