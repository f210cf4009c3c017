/** Requests of `fault`, `heal`, `status` and `down` to a target that is kept up: the server in its process, on loopback, and its client. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { exitCodes, RedcliffError, UsageError } from '../errors.ts';
import type { FaultBoard } from '../faults/board.ts';
import type { Announcement } from './announcement.ts';
import { faultRequestSchema, healRequestSchema, refusalSchema, type Status } from './protocol.ts';

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
  // A secret, so it must not be drawn from the seed.
  const token = randomBytes(32).toString('hex');
  const app = fastify({ logger: false, forceCloseConnections: true });
  requireToken(app, token);
  app.setErrorHandler((error, _request, reply) => {
    const known = error instanceof RedcliffError ? error : unexpected(error);
    const { message, hint, exitStatus } = known;
    return reply.code(known instanceof UsageError ? 400 : 500).send({ message, hint, exitStatus });
  });
  app.get('/status', () => options.readStatus());
  app.post('/fault', async (request) => ({
    inForce: await options.board.apply(parsed(faultRequestSchema, request.body)),
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
      hint: 'use redcliff fault, heal, status and down',
      exitStatus: exitCodes.usage,
    });
  });
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UsageError(
    `the request is not valid: ${issue?.path.join('.')}: ${issue?.message}`,
    'use the same version of Redcliff for both commands',
  );
}

function unexpected(error: unknown): { message: string; hint: string; exitStatus: number } {
  const message = error instanceof Error ? error.message : String(error);
  return { message, hint: 'see the terminal of redcliff up', exitStatus: exitCodes.harness };
}

/** Longer than the slowest fault needs to be applied or its effect observed. */
const answerDeadlineMs = 60_000;

/** A request that was not carried out. */
export class RequestRefused extends RedcliffError {
  override readonly name = 'RequestRefused';
  readonly code = 'request_refused';
  readonly exitStatus: number;

  constructor(message: string, hint: string, exitStatus: number) {
    super(message, hint);
    this.exitStatus = exitStatus;
  }
}

/** Throws RequestRefused, also when there is no answer. */
export async function requestControl<T>(
  { name, port, token }: Announcement,
  path: '/down' | '/fault' | '/heal' | '/status',
  answer: z.ZodType<T>,
  body?: unknown,
): Promise<T> {
  let response: Response;
  let content: unknown;
  try {
    response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: path === '/status' ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(answerDeadlineMs),
      ...(path === '/status' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    content = await response.json();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RequestRefused(
      `"${name}" does not answer: ${why}`,
      'it may be ending; otherwise end its process and start it again',
      exitCodes.harness,
    );
  }
  if (response.ok) return answer.parse(content);
  const { message, hint, exitStatus } = refusalSchema.parse(content);
  throw new RequestRefused(message, hint, exitStatus);
}
