/** The operator's routes: making a world and warming the cache. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { preloadCache } from '../../cache/preload.ts';
import { serverTimeMs } from '../../database/server-time.ts';
import { SystemError } from '../../errors.ts';
import { lockKeys } from '../../lock/keys.ts';
import { lockPolicies } from '../../lock/policy.ts';
import { runWithDistributedLock } from '../../lock/run-with-lock.ts';
import type { System } from '../../system.ts';
import { generateWorld } from '../../world/generate.ts';
import { plantWorld } from '../../world/plant-world.ts';
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
      schema: { summary: 'Make a world', security, headers: idempotencyHeaders, body: worldBody },
    },
    async (request, reply) => {
      const plan = request.body;
      const sessionId = plan.sessionId ?? `s-${system.random.uuid().slice(0, 13)}`;
      const turnPeriodMs = plan.turnPeriodMs ?? system.config.TURN_PERIOD_MS;
      const world = generateWorld({
        ...plan,
        sessionId,
        turnPeriodMs,
        nowMs: await serverTimeMs(system.database),
      });
      await runWithDistributedLock(
        system.lock,
        lockKeys.session(sessionId),
        () => plantWorld(system.collections, world),
        {
          ...lockPolicies(system.config).sessionState,
          throwOnFail: true,
          deadline: request.deadline,
          context: { sessionId, work: 'make a world' },
        },
      );
      reply.code(201);
      return {
        data: {
          sessionId,
          generals: world.generals.length,
          cities: world.cities.length,
          nations: world.nations.length,
          items: world.items.length,
          battles: world.battles.length,
          relations: world.relations.length,
          tournaments: world.tournaments.length,
        },
      };
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
  // Hashed, so that the comparison takes the same time whatever was sent.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(`Bearer ${token}`))) {
    throw new SystemError('unauthorized', 'this route needs the admin token', { field: 'authorization' });
  }
}
