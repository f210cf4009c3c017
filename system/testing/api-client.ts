/** A client of an API process. */
import { z } from 'zod';
import type { SpawnedProcess } from './spawned-process.ts';
import { adminToken, startProcess } from './system-processes.ts';
import type { TestStack } from './test-stack.ts';

const bodySchema = z.looseObject({
  data: z.unknown().optional(),
  outcome: z.string().optional(),
  error: z
    .looseObject({
      code: z.string(),
      message: z.string(),
      definite: z.boolean(),
      field: z.string().optional(),
    })
    .optional(),
});

export interface Answer extends z.output<typeof bodySchema> {
  readonly status: number;
  readonly headers: Headers;
}

/** `body` undefined sends none; text is sent as it is, anything else as JSON. */
interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ApiClient implements AsyncDisposable {
  readonly process: SpawnedProcess;
  readonly url: string;

  private constructor(process: SpawnedProcess, url: string) {
    this.process = process;
    this.url = url;
  }

  static async start(stack: TestStack, environment?: Readonly<Record<string, string>>): Promise<ApiClient> {
    const process = await startProcess(stack, 'api', environment);
    const ready = process.lines.find((line) => line['msg'] === 'ready');
    return new ApiClient(process, String(ready?.['url']));
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.call('POST', path, { body, ...(headers === undefined ? {} : { headers }) });
  }

  admin(path: string, body?: unknown): Promise<Answer> {
    return this.post(path, body, { authorization: `Bearer ${adminToken}` });
  }

  async call(method: string, path: string, { body, headers = {} }: Call = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const parsed = bodySchema.parse(await response.json());
    return { ...parsed, status: response.status, headers: response.headers };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}
