/**
 * A PM2 of the test's own: its daemon, its logs and its list of processes live in a temporary PM2_HOME, and end with it. An
 * operator's PM2 on the same machine is never touched.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { eventually } from './eventually.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const commandGuardMs = 60_000;
const outputBytesMax = 16 * 2 ** 20;

const listSchema = z.array(
  z.looseObject({
    name: z.string(),
    /** 0 while there is no process. */
    pid: z.number(),
    pm2_env: z.looseObject({
      status: z.string(),
      restart_time: z.number(),
      node_version: z.string().nullish(),
    }),
  }),
);

interface Pm2Process {
  readonly name: string;
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
  readonly nodeVersion: string;
}

export class Pm2Home implements AsyncDisposable {
  static readonly program = path.join(root, 'node_modules/.bin/pm2');
  /** What a program needs to talk to this PM2, and what every process it starts gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.environment = environment;
  }

  static async open(environment: Readonly<Record<string, string>>): Promise<Pm2Home> {
    const folder = await mkdtemp(path.join(tmpdir(), 'opensam-pm2-'));
    return new Pm2Home(folder, {
      ...environment,
      PM2_HOME: folder,
      PM2_COMMAND: Pm2Home.program,
      // PM2 would ask its maker's server for a newer version.
      PM2_DISABLE_VERSION_CHECK: 'true',
    });
  }

  /** What it wrote to stdout; throws when it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { stdout } = await execute(Pm2Home.program, args, {
      cwd: root,
      env: { ...process.env, ...this.environment },
      timeout: commandGuardMs,
      maxBuffer: outputBytesMax,
    });
    return stdout;
  }

  async list(): Promise<readonly Pm2Process[]> {
    return listSchema.parse(JSON.parse(await this.run('jlist'))).map(({ name, pid, pm2_env }) => ({
      name,
      pid,
      status: pm2_env.status,
      restarts: pm2_env.restart_time,
      nodeVersion: pm2_env.node_version ?? '',
    }));
  }

  async find(name: string): Promise<Pm2Process> {
    const found = (await this.list()).find((each) => each.name === name);
    if (found === undefined) throw new Error(`PM2 does not manage ${name}`);
    return found;
  }

  /** Everything it manages and itself are gone afterwards, and so is the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    const own = await readFile(path.join(this.#folder, 'pm2.pid'), 'utf8').then(Number, () => undefined);
    const managed = own === undefined ? [] : (await this.list()).map(({ pid }) => pid);
    try {
      await this.run('kill');
      const left = [...managed, own ?? 0].filter((pid) => pid > 0);
      await eventually('PM2 and its processes have ended', () => !left.some(isRunning));
    } finally {
      for (const pid of [own ?? 0, ...managed]) if (pid > 0 && isRunning(pid)) process.kill(pid, 'SIGKILL');
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
