/**
 * Another version of the target: that of a commit, or a folder that stands in for the target's own. It is copied into a folder of its own, where it
 * finds the packages installed here.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
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

/** Whole commit, or a folder. */
export type FoundVersion = { readonly commit: string } | { readonly folder: string };

/** What was asked for, found before anything starts. Throws UsageError when there is none. */
export async function findOtherVersion(target: LoadedTarget, other: string): Promise<FoundVersion> {
  if (existsSync(other)) {
    if ((await stat(other)).isDirectory()) return { folder: resolve(other) };
    throw new UsageError(
      `--against "${other}" is a file`,
      'give a commit, or a folder that holds another version of the target',
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
      'give a commit, such as HEAD~1 or main, or a folder that holds another version of the target',
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
  const folder =
    'commit' in found ? await extract(target, found.commit, copy) : await copyFolder(found.folder, copy);
  const packages = packagesOf(target.folder);
  // Closer ones are those of the version itself.
  if (packages !== null && packagesOf(folder, copy) === null)
    await symlink(packages, join(copy, 'node_modules'));
  const owned = made.move();
  return { folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The packages that a module in `folder` finds first, at or below `top`; null when there are none. */
function packagesOf(folder: string, top = '/'): string | null {
  for (let here = folder; ; here = dirname(here)) {
    const packages = join(here, 'node_modules');
    if (existsSync(packages)) return packages;
    if (here === top || dirname(here) === here) return null;
  }
}

async function copyFolder(from: string, to: string): Promise<string> {
  const skipped = new Set(['.git', 'node_modules']);
  await cp(from, to, {
    recursive: true,
    filter: (source) => !skipped.has(relative(from, source).split('/')[0] ?? ''),
  });
  return to;
}

/** Resolves to the target's folder in the files of the commit. */
async function extract(target: LoadedTarget, commit: string, to: string): Promise<string> {
  const archive = join(to, 'target.tar');
  const repository = (await git(target, 'rev-parse', '--show-toplevel')).stdout.trim();
  await run('git', ['-C', repository, 'archive', '--format=tar', `--output=${archive}`, commit]);
  await run('tar', ['-xf', archive, '-C', to]);
  const folder = join(to, relative(repository, target.folder));
  await mkdir(folder, { recursive: true });
  return folder;
}

function git({ folder }: LoadedTarget, ...parameters: string[]): ReturnType<typeof run> {
  return run('git', ['-C', folder, ...parameters]);
}

function run(program: string, parameters: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(program, parameters, { timeout: commandTimeoutMs });
}
