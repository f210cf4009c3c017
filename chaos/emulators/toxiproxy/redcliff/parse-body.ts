/** Reads the JSON of a request beyond Toxiproxy's own, by a schema. */
import type { z } from 'zod';
import { ApiError } from '../errors.ts';

/** Throws ApiError badRequestBody, which names the field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  return parseValue(schema, parseJson(body));
}

/** Throws ApiError badRequestBody, which names the field. */
export function parseValue<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ApiError('badRequestBody', [issue?.path.join('.'), issue?.message].filter(Boolean).join(': '));
}

/** Throws ApiError badRequestBody. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ApiError('badRequestBody', error instanceof Error ? error.message : String(error));
  }
}
