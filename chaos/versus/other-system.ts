/**
 * Another version of the system under test: that of a commit of this repository, or of a folder. It is copied into a folder of its own, where it finds
 * the packages that are installed here.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UsageError } from '../errors.ts';
import { entries } from '../experiment/system-under-test.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import type { Warden } from '../process/warden.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const commandTimeoutMs = 60_000;

export interface OtherSystem extends AsyncDisposable {
  readonly systemFolder: string;
}

/** Whole commit, or folder that holds `system/`. */
export type FoundSystem = { readonly commit: string } | { readonly folder: string };

/** What was asked for, found before anything starts. Throws UsageError when there is none, or no system in it. */
export async function findOtherSystem(other: string): Promise<FoundSystem> {
  if (existsSync(join(other, 'system', entries.api))) return { folder: resolve(other) };
  if (existsSync(other)) {
    throw new UsageError(
      `"${other}" holds no system/${entries.api}`,
      'give a commit of this repository, or the folder of another checkout',
    );
  }
  const commit = await commitOf(other);
  try {
    await git('cat-file', '-e', `${commit}:system/${entries.api}`);
    return { commit };
  } catch (error) {
    throw new UsageError(`the commit ${commit} has no system/${entries.api}`, 'give one that has', {
      cause: error,
    });
  }
}

async function commitOf(other: string): Promise<string> {
  try {
    const { stdout } = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${other}^{commit}`);
    return stdout.trim();
  } catch (error) {
    throw new UsageError(
      `"${other}" is neither a commit of this repository nor a folder`,
      'give a commit, such as HEAD~1 or main, or the folder of another checkout',
      { cause: error },
    );
  }
}

export async function openOtherSystem(found: FoundSystem, warden: Warden): Promise<OtherSystem> {
  await using made = new AsyncDisposableStack();
  const { path: copy } = made.use(await temporaryFolder(warden, 'versus'));
  const systemFolder = join(copy, 'system');
  if ('commit' in found) await extract(found.commit, copy);
  else {
    await cp(join(found.folder, 'system'), systemFolder, { recursive: true });
    await cp(join(found.folder, 'package.json'), join(copy, 'package.json'));
  }
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
  const owned = made.move();
  return {
    systemFolder,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function extract(commit: string, to: string): Promise<void> {
  const archive = join(to, 'system.tar');
  await git('archive', '--format=tar', `--output=${archive}`, commit, 'system', 'package.json');
  await run('tar', ['-xf', archive, '-C', to]);
}

function git(...parameters: string[]): ReturnType<typeof run> {
  return run('git', ['-C', repository, ...parameters]);
}

function run(program: string, parameters: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(program, parameters, { timeout: commandTimeoutMs });
}
