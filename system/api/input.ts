/** Input that several routes share. */
import { z } from 'zod';

export const sessionIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, dashes or underscores');

export const numberInPath = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1 on')
  .transform(Number);

/** Auctions and battles go by names of the system's making. */
export const nameInPath = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, dashes or underscores');

export const sessionParams = z.object({ id: sessionIdSchema });
export const generalParams = z.object({ id: sessionIdSchema, no: numberInPath });
export const cityParams = z.object({ id: sessionIdSchema, city: numberInPath });
export const nationParams = z.object({ id: sessionIdSchema, nation: numberInPath });
export const turnParams = z.object({ id: sessionIdSchema, turn: numberInPath });

/** Other headers pass; only this one is looked at. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters without spaces')
    .optional(),
});
