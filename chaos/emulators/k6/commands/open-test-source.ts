/** The script of a command, wherever it is: a file, the standard input, a URL or an archive. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isArchive, openArchive } from '../archive/archive.ts';
import { RunError } from '../errors.ts';
import { diskFiles } from '../host/open-files.ts';
import { download } from '../script/download.ts';
import { LockedModules } from '../script/remote-modules.ts';
import { FileSources } from '../script/source-store.ts';
import type { SourceStore } from '../script/source-store.ts';
import type { CommandHost } from './command-host.ts';
import type { TestSource } from './test-source.ts';

/** Throws a `RunError` when there is no such script. */
export async function openTestSource(script: string, host: CommandHost): Promise<TestSource> {
  const path = resolve(script);
  if (script === '-') {
    return local(pathToFileURL(resolve('-')).href, Buffer.from(host.readStdin()), host);
  }
  if (existsSync(path)) return local(pathToFileURL(path).href, readFileSync(path), host);
  if (/^https?:\/\//.test(script)) {
    const sources = sourcesBeside(process.cwd(), host.environment);
    return { archived: undefined, files: diskFiles, sources, text: await sources.read(script), url: script };
  }
  throw new RunError('usage', `the script "${script}" does not exist`);
}

function local(url: string, bytes: Buffer, { environment }: CommandHost): TestSource {
  const sources = sourcesBeside(dirname(fileURLToPath(url)), environment);
  if (isArchive(bytes)) return openArchive(bytes, sources);
  return { archived: undefined, files: diskFiles, sources, text: bytes.toString('utf8'), url };
}

/** Files, and remote modules with a lock file in the folder of the script. */
function sourcesBeside(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): SourceStore {
  const caches = environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return new FileSources(
    new LockedModules({
      download,
      folder: environment['REDCLIFF_K6_MODULES'] ?? join(caches, 'redcliff', 'k6-modules'),
      lockFile: environment['REDCLIFF_K6_LOCK'] ?? join(folder, 'k6-modules.lock.json'),
    }),
  );
}
