/** Takes the orders of `break`, `heal`, `status` and `down`, on loopback, from whoever knows the token. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RedcliffError, UsageError } from '../errors.ts';
import type { FaultBoard } from './fault-board.ts';
import { breakRequestSchema, healRequestSchema, type Status } from './protocol.ts';

export interface ControlServer extends AsyncDisposable {
  readonly port: number;
  readonly token: string;
}

export interface ControlServerOptions {
  readonly board: FaultBoard;
  readStatus(): Promise<Status>;
  /** Called by `down`; the answer does not wait for the end. */
  end(): void;
}

const listening = z.object({ port: z.int().positive() });

export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  // A secret, and so no matter of the seed.
  const token = randomBytes(32).toString('hex');
  const app = fastify({ logger: false, forceCloseConnections: true });
  requireToken(app, token);
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof RedcliffError ? error : unexpected(error);
    const { message, hint, exitStatus } = known;
    return reply.code(known instanceof UsageError ? 400 : 500).send({ message, hint, exitStatus });
  });
  app.get('/status', () => options.readStatus());
  app.post('/break', async (request) => ({
    inForce: await options.board.put(parsed(breakRequestSchema, request.body)),
  }));
  app.post('/heal', async (request) => ({
    healed: await options.board.heal(parsed(healRequestSchema, request.body).fault),
  }));
  app.post('/down', async () => {
    options.end();
    return { ending: true };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = listening.parse(app.server.address());
  return { port, token, [Symbol.asyncDispose]: () => app.close() };
}

function requireToken(app: FastifyInstance, token: string): void {
  const expected = Buffer.from(`Bearer ${token}`);
  app.addHook('onRequest', async (request, reply) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    await reply.code(401).send({
      message: 'the token is wrong',
      hint: 'use redcliff break, heal, status and down',
      exitStatus: 64,
    });
  });
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UsageError(
    `the order is not understood: ${issue?.path.join('.')}: ${issue?.message}`,
    'use the same version of Redcliff for both commands',
  );
}

function unexpected(error: unknown): { message: string; hint: string; exitStatus: number } {
  const message = error instanceof Error ? error.message : String(error);
  return { message, hint: 'the terminal of redcliff up may say more', exitStatus: 70 };
}
