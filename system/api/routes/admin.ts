/** The operator's routes: making a world and warming the cache. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { preloadCache } from '../../cache/preload.ts';
import { SystemError } from '../../errors.ts';
import type { System } from '../../system.ts';
import { makeWorld } from '../../world/make-world.ts';
import { idempotencyHeaders, sessionIdSchema } from '../input.ts';
import type { Api } from '../api.ts';

const worldBody = z.strictObject({
  sessionId: sessionIdSchema.optional(),
  seed: z.union([z.string().min(1).max(100), z.int()]).transform(String),
  generals: z.int().min(1).max(100_000),
  cities: z.int().min(1).max(1_000),
  nations: z.int().min(1).max(100),
  turnPeriodMs: z.int().min(10).max(86_400_000).optional(),
  items: z.int().min(0).max(10_000).default(0),
  battles: z.int().min(0).max(10_000).default(0),
  relations: z.int().min(0).max(10_000).default(0),
  tournaments: z.int().min(0).max(1_000).default(0),
  battleDurationMs: z.int().min(1).max(86_400_000).default(60_000),
});

const preloadBody = z.strictObject({ sessionId: sessionIdSchema.optional() }).nullish();

export function addAdminRoutes(app: Api, system: System): void {
  const onRequest = async (request: FastifyRequest) => requireToken(request, system.config.ADMIN_TOKEN);
  const security = [{ admin: [] }];

  app.post(
    '/api/admin/sessions',
    {
      onRequest,
      schema: {
        summary: 'Make a world; repeated with the same Idempotency-Key it is made once',
        security,
        headers: idempotencyHeaders,
        body: worldBody,
      },
    },
    async (request, reply) => {
      const { sessionId, turnPeriodMs = system.config.TURN_PERIOD_MS, ...sizes } = request.body;
      const idempotencyKey = request.headers['idempotency-key'];
      const made = await makeWorld(
        system.worlds,
        { plan: { ...sizes, turnPeriodMs }, sessionId, idempotencyKey },
        request.deadline,
      );
      if (made.outcome === 'applied') reply.code(201);
      return made;
    },
  );

  app.post(
    '/api/admin/cache/preload',
    { onRequest, schema: { summary: 'Warm the cache', security, body: preloadBody } },
    async (request) => ({ data: await preloadCache(system, request.deadline, request.body?.sessionId) }),
  );
}

function requireToken(request: FastifyRequest, token: string): void {
  const given = request.headers.authorization ?? '';
  // Hashed, so that the time of the comparison does not depend on the token that was sent.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(`Bearer ${token}`))) {
    throw new SystemError('unauthorized', 'this route needs the admin token', { field: 'authorization' });
  }
}
