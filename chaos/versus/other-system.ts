/**
 * Another version of the system under test: that of a commit of this repository, or of a folder. It is copied into a folder of its own, where it finds
 * the packages that are installed here.
 */
import { execFile } from 'node:child_process';
import { access, cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** Its commit, or its folder. */
  readonly version: string;
}

/** What was asked for, found before anything starts: whole commit, or folder that holds `system/`. Throws UsageError. */
export async function findOtherSystem(
  other: string,
): Promise<{ readonly commit: string } | { readonly folder: string }> {
  if (await exists(join(other, 'system', entries.api))) return { folder: other };
  if (await exists(other)) {
    throw new UsageError(
      `"${other}" holds no system/${entries.api}`,
      'give a commit of this repository, or the folder of another checkout',
    );
  }
  try {
    const { stdout } = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${other}^{commit}`);
    return { commit: stdout.trim() };
  } catch (error) {
    throw new UsageError(
      `"${other}" is neither a commit of this repository nor a folder`,
      'give a commit, such as HEAD~1 or main, or the folder of another checkout',
      { cause: error },
    );
  }
}

/** Throws UsageError when the commit has no system. */
export async function openOtherSystem(
  found: Awaited<ReturnType<typeof findOtherSystem>>,
  warden: Warden,
): Promise<OtherSystem> {
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
    version: 'commit' in found ? found.commit : found.folder,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function extract(commit: string, to: string): Promise<void> {
  const archive = join(to, 'system.tar');
  try {
    await git('archive', '--format=tar', `--output=${archive}`, commit, 'system', 'package.json');
  } catch (error) {
    throw new UsageError(`the commit ${commit} has no system/`, 'give one that has', { cause: error });
  }
  await run('tar', ['-xf', archive, '-C', to]);
}

function git(...parameters: string[]): ReturnType<typeof run> {
  return run('git', ['-C', repository, ...parameters]);
}

function run(program: string, parameters: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(program, parameters, { timeout: commandTimeoutMs });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
