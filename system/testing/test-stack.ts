/** A Redis and a MongoDB of the test's own, which it may kill, pause, empty and start again on the same ports. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import { SpawnedProcess } from './spawned-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const mongoServer = path.join(root, 'chaos/emulators/mongodb/main.ts');
const answerGuardMs = 45_000;

interface RedisProgram {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

const manifestSchema = z.object({ program: z.string(), libraryFolders: z.array(z.string()) });

/** REDIS_SERVER, else the program that the project's set-up unpacked, else the one on PATH. */
function findRedis(): RedisProgram {
  const named = process.env['REDIS_SERVER'];
  if (named !== undefined && named !== '') return { command: named, environment: {} };
  const folder = path.join(root, '.cache/redis/unpacked');
  try {
    const text = readFileSync(path.join(folder, 'program.json'), 'utf8');
    const manifest = manifestSchema.parse(JSON.parse(text));
    const libraries = manifest.libraryFolders.map((name) => path.join(folder, name)).join(':');
    return { command: path.join(folder, manifest.program), environment: { LD_LIBRARY_PATH: libraries } };
  } catch {
    return { command: 'redis-server', environment: {} };
  }
}

class RestartableProcess implements AsyncDisposable {
  readonly port: number;
  readonly #start: (port: number) => SpawnedProcess;
  readonly #answers: (port: number) => Promise<boolean>;
  #process: SpawnedProcess;

  private constructor(
    port: number,
    start: (port: number) => SpawnedProcess,
    answers: (port: number) => Promise<boolean>,
  ) {
    this.port = port;
    this.#start = start;
    this.#answers = answers;
    this.#process = start(port);
  }

  static async start(
    start: (port: number) => SpawnedProcess,
    answers: (port: number) => Promise<boolean>,
  ): Promise<RestartableProcess> {
    const started = new RestartableProcess(await freePort(), start, answers);
    try {
      await started.#untilItAnswers();
      return started;
    } catch (error) {
      await started.kill();
      throw error;
    }
  }

  async kill(): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  async restart(): Promise<void> {
    await this.kill();
    this.#process = this.#start(this.port);
    await this.#untilItAnswers();
  }

  /** It accepts connections and never answers until `resume`. */
  pause(): void {
    this.#process.signal('SIGSTOP');
  }

  resume(): void {
    this.#process.signal('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #untilItAnswers(): Promise<void> {
    const guard = AbortSignal.timeout(answerGuardMs);
    while (!(await this.#answers(this.port))) {
      if (guard.aborted || !this.#process.running)
        throw new Error(`it does not start: ${this.#process.stderr}`);
      await sleep(20);
    }
  }
}

export interface TestStack extends AsyncDisposable {
  /** Kept in memory only: started again, it is empty. */
  readonly redis: RestartableProcess;
  readonly mongo: RestartableProcess;
  readonly redisUrl: string;
  readonly mongoUri: string;
}

export async function startTestStack(): Promise<TestStack> {
  const program = findRedis();
  // What was started before a part that does not start is ended with it.
  await using owner = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'opensam-'));
  owner.defer(() => rm(folder, { recursive: true, force: true }));
  const startRedis = (port: number) =>
    new SpawnedProcess({
      command: program.command,
      arguments: [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        folder,
        // A changed title overwrites the environment, by which the owner of the test run finds the process.
        '--set-proc-title',
        'no',
      ],
      environment: program.environment,
    });
  const startMongo = (port: number) =>
    new SpawnedProcess({
      command: process.execPath,
      arguments: [mongoServer, '--port', String(port), '--dbpath', path.join(folder, 'db')],
    });
  const redis = owner.use(await RestartableProcess.start(startRedis, redisAnswers));
  const mongo = owner.use(await RestartableProcess.start(startMongo, mongoAnswers));
  const owned = owner.move();
  return {
    redis,
    mongo,
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    mongoUri: `mongodb://127.0.0.1:${mongo.port}/?directConnection=true`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function redisAnswers(port: number): Promise<boolean> {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

async function mongoAnswers(port: number): Promise<boolean> {
  const { default: mongoose } = await import('mongoose');
  const connection = mongoose.createConnection(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 500,
  });
  try {
    await connection.asPromise();
    return true;
  } catch {
    return false;
  } finally {
    await connection.close(true);
  }
}
