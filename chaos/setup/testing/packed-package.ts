/** The package as a user gets it: built, packed, and run by programs on PATH in a project of its own. */
import { execFile, type ExecFileException } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { cacheFolder, packageFolder } from '../own-files.mjs';

export const stepDeadlineMs = 240_000;

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const packedSchema = z.tuple([
  z.object({
    filename: z.string(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string() })),
  }),
]);
export type Packed = z.infer<typeof packedSchema>[0];

/** What npm tells the programs it starts would send the project's own npm elsewhere. */
const withoutNpm = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')),
);

/** A folder for projects, with a cache and temporary files of its own. */
export class PackageTrial {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'redcliff-package-'));
  readonly #cache = path.join(this.folder, 'cache');
  readonly #temporary = path.join(this.folder, 'temporary');

  constructor() {
    mkdirSync(this.#cache);
    mkdirSync(this.#temporary);
    // A Redis that was unpacked for the repository serves the project too.
    symlinkSync(path.join(cacheFolder, 'redis'), path.join(this.#cache, 'redis'));
  }

  /** Builds the package, and packs it into `to`. */
  async pack(to: string): Promise<Packed> {
    await this.succeed('npm', ['run', '--silent', 'build'], packageFolder);
    const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', to];
    const [packed] = packedSchema.parse(JSON.parse(await this.succeed('npm', pack, packageFolder)));
    return packed;
  }

  /** Programs are found on PATH, with the Node in `node` first. */
  execute(
    command: string,
    args: readonly string[],
    cwd: string,
    node = path.dirname(process.execPath),
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const env = {
      ...withoutNpm,
      ...variables,
      PATH: `${node}:${process.env['PATH']}`,
      REDCLIFF_CACHE: this.#cache,
      TMPDIR: this.#temporary,
    };
    return new Promise((resolve) => {
      const ended = (error: ExecFileException | null, stdout: string, stderr: string): void =>
        resolve({ status: error === null ? 0 : Number(error.code ?? 70), stdout, stderr });
      execFile(command, [...args], { cwd, env, timeout: stepDeadlineMs, maxBuffer: 2 ** 26 }, ended);
    });
  }

  async succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
    const { status, stdout, stderr } = await this.execute(command, args, cwd);
    if (status !== 0)
      throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
