/** Another version of the target: that of a commit, or of a folder. It is copied into a folder of its own, where it finds the packages installed here. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, stat, symlink } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../errors.ts';
import type { Reaper } from '../process/reaper.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { LoadedTarget } from '../target/load-config.ts';

const commandTimeoutMs = 60_000;

export interface OtherVersion extends AsyncDisposable {
  /** Stands in for the target's own folder. */
  readonly folder: string;
}

/** Whole commit, or the folder of another checkout. */
export type FoundVersion = { readonly commit: string } | { readonly folder: string };

/** What was asked for, found before anything starts. Throws UsageError when there is none. */
export async function findOtherVersion(target: LoadedTarget, other: string): Promise<FoundVersion> {
  if (existsSync(other)) {
    if ((await stat(other)).isDirectory()) return { folder: resolve(other) };
    throw new UsageError(
      `--against "${other}" is a file`,
      'give a commit, or the folder of another checkout',
    );
  }
  try {
    const { stdout } = await git(
      target,
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${other}^{commit}`,
    );
    return { commit: stdout.trim() };
  } catch (error) {
    throw new UsageError(
      `--against "${other}" is neither a commit of this repository nor a folder`,
      'give a commit, such as HEAD~1 or main, or the folder of another checkout',
      { cause: error },
    );
  }
}

export async function openOtherVersion(
  target: LoadedTarget,
  found: FoundVersion,
  reaper: Reaper,
): Promise<OtherVersion> {
  await using made = new AsyncDisposableStack();
  const { path: copy } = made.use(await temporaryFolder(reaper, 'against'));
  let folder = copy;
  if ('commit' in found) {
    const { stdout } = await git(target, 'rev-parse', '--show-toplevel');
    folder = join(copy, relative(stdout.trim(), target.folder));
    await extract(target, found.commit, copy);
  } else {
    const skipped = new Set(['.git', 'node_modules']);
    await cp(found.folder, copy, {
      recursive: true,
      filter: (source) => !skipped.has(relative(found.folder, source).split('/')[0] ?? ''),
    });
  }
  await mkdir(folder, { recursive: true });
  const packages = join(target.folder, 'node_modules');
  if (existsSync(packages)) await symlink(packages, join(folder, 'node_modules'));
  const owned = made.move();
  return { folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function extract(target: LoadedTarget, commit: string, to: string): Promise<void> {
  const archive = `${to}/target.tar`;
  const { stdout } = await git(target, 'rev-parse', '--show-toplevel');
  await run('git', ['-C', stdout.trim(), 'archive', '--format=tar', `--output=${archive}`, commit]);
  await run('tar', ['-xf', archive, '-C', to]);
}

function git({ folder }: LoadedTarget, ...parameters: string[]): ReturnType<typeof run> {
  return run('git', ['-C', folder, ...parameters]);
}

function run(program: string, parameters: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(program, parameters, { timeout: commandTimeoutMs });
}
