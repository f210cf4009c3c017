/** Gives orders to a system that is up, and passes on its refusals as they are. */
import type { z } from 'zod';
import { exitCodes, RedcliffError } from '../errors.ts';
import type { Announcement } from './announcement.ts';
import { refusalSchema } from './protocol.ts';

/** Longer than the slowest fault needs to be applied or proven. */
const answerDeadlineMs = 60_000;

/** An order that was not carried out. */
export class OrderRefused extends RedcliffError {
  override readonly name = 'OrderRefused';
  readonly code = 'order_refused';
  readonly exitStatus: number;

  constructor(message: string, hint: string, exitStatus: number) {
    super(message, hint);
    this.exitStatus = exitStatus;
  }
}

/** Throws OrderRefused, also when nobody answers. */
export async function order<T>(
  { name, port, token }: Announcement,
  path: '/break' | '/down' | '/heal' | '/status',
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
    throw new OrderRefused(
      `"${name}" does not answer: ${why}`,
      'it may be ending; otherwise end its process and start it again',
      exitCodes.harness,
    );
  }
  if (response.ok) return answer.parse(content);
  const { message, hint, exitStatus } = refusalSchema.parse(content);
  throw new OrderRefused(message, hint, exitStatus);
}
