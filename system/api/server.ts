/** The HTTP API, put together: deadlines, validation, error answers, metrics, then the routes. */
import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import { z } from 'zod';
import type { System } from '../system.ts';
import type { Api } from './api.ts';
import { answerError, answerUnknownRoute } from './answer-errors.ts';
import { addDeadlines } from './deadlines.ts';
import { addOverloadProtection, measureEventLoopDelay } from './overload.ts';
import { addActionRoutes } from './routes/actions.ts';
import { addAdminRoutes } from './routes/admin.ts';
import { addCompoundRoutes } from './routes/compound.ts';
import { addHealthRoute } from './routes/health.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addReadRoutes } from './routes/reads.ts';
import { addTournamentRoutes } from './routes/tournaments.ts';
import { addTurnRoutes } from './routes/turns.ts';
import { requestTarget, validatorCompiler, type ZodTypeProvider } from './zod-type-provider.ts';

const bodyLimitBytes = 65_536;

export async function buildServer(system: System): Promise<Api> {
  const { config, clock, random, logger, metrics } = system;
  const app: Api = Fastify({
    loggerInstance: logger,
    disableRequestLogging: true,
    bodyLimit: bodyLimitBytes,
    // What still comes in while the process stops is answered like everything else, and not with a 503 of Fastify's own form.
    return503OnClosing: false,
    // A client that sends its request too slowly is cut off; the deadline counts from the first line of the request.
    requestTimeout: config.ADMIN_DEADLINE_MS,
    http: { connectionsCheckingInterval: 1_000 },
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : random.uuid();
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownRoute);
  addDeadlines(app, {
    clock,
    requestMs: config.REQUEST_DEADLINE_MS,
    adminMs: config.ADMIN_DEADLINE_MS,
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  addOverloadProtection(app, {
    clock,
    maxOpenRequests: config.MAX_OPEN_REQUESTS,
    maxEventLoopDelayMs: config.MAX_EVENT_LOOP_DELAY_MS,
    eventLoopDelay: measureEventLoopDelay,
  });
  app.addHook('onResponse', (request, reply, done) => {
    metrics.request(requestTarget(request), request.method, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  await app.register(swagger, {
    openapi: { info: { title: 'OpenSam', version: '1' }, components: { securitySchemes } },
    transform: ({ schema, url }) => ({ schema: toJsonSchemas(schema), url }),
  });

  addActionRoutes(app, system);
  addAdminRoutes(app, system);
  addCompoundRoutes(app, system);
  addHealthRoute(app, system);
  addMetricsRoute(app, system);
  addReadRoutes(app, system);
  addTournamentRoutes(app, system);
  addTurnRoutes(app, system);
  app.get('/api/openapi.json', () => Promise.resolve(app.swagger()));
  return app;
}

const securitySchemes = { admin: { type: 'http', scheme: 'bearer' } } as const;

/** The input schemas for OpenAPI: what a client sends, not what a handler gets. */
function toJsonSchemas(schema: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema ?? {}).map(([part, value]) => [
      part,
      value instanceof z.ZodType ? z.toJSONSchema(value, { io: 'input', unrepresentable: 'any' }) : value,
    ]),
  );
}
