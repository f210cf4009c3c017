/**
 * Archives as `k6 archive` makes them: a tar file with the script as `data`, all it imports and opens under `file` and `https`, and
 * `metadata.json` with its options and environment. Paths do not tell whose home folder they were in.
 */
import { posix } from 'node:path';
import { z } from 'zod';
import type { TestSource } from '../commands/test-source.ts';
import { RunError } from '../errors.ts';
import { FileError } from '../host/open-files.ts';
import type { RawLayer } from '../options/settings.ts';
import { isRemote, unresolvable } from '../script/specifier.ts';
import type { SourceStore } from '../script/source-store.ts';
import { isTar, readTar, writeTar } from './tar.ts';
import type { TarEntry } from './tar.ts';

export interface ArchiveContent {
  readonly url: string;
  readonly text: string;
  /** Of all modules, by URL. */
  readonly modules: ReadonlyMap<string, string>;
  /** What the script opened, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly options: RawLayer;
  readonly environment: Readonly<Record<string, string>>;
  readonly k6Version: string;
  readonly modifiedMs: number;
}

const metadata = z.looseObject({
  env: z.record(z.string(), z.string()).nullish(),
  filename: z.string(),
  options: z.looseObject({}).nullish(),
  type: z.literal('js'),
});

export function isArchive(bytes: Uint8Array): boolean {
  return isTar(bytes);
}

export function makeArchive(content: ArchiveContent): Buffer {
  const url = anonymous(content.url);
  const described = {
    compatibilityMode: 'extended',
    env: content.environment,
    filename: url,
    goos: process.platform,
    k6version: content.k6Version,
    options: content.options,
    pwd: url.slice(0, url.lastIndexOf('/') + 1),
    type: 'js',
  };
  const scriptEntry = entryNameOf(url);
  const held = new Map<string, Uint8Array>();
  for (const [module, text] of content.modules) held.set(entryNameOf(anonymous(module)), Buffer.from(text));
  for (const [path, bytes] of content.files) held.set(`file${anonymousPath(path)}`, bytes);
  held.delete(scriptEntry);
  const names = [...held.keys(), scriptEntry].toSorted();
  const entries: TarEntry[] = [
    {
      bytes: Buffer.from(`${JSON.stringify(described, undefined, 2)}\n`),
      kind: 'file',
      name: 'metadata.json',
    },
    { bytes: Buffer.from(content.text), kind: 'file', name: 'data' },
    ...foldersOf(names).map((name) => ({ kind: 'folder' as const, name })),
    ...names.map((name): TarEntry => {
      const bytes = held.get(name);
      return bytes === undefined ? { kind: 'link', name, target: 'data' } : { bytes, kind: 'file', name };
    }),
  ];
  return writeTar(entries, content.modifiedMs);
}

/** Modules that are not in the archive come from `others`, when they are remote. */
export function openArchive(bytes: Uint8Array, others: SourceStore): TestSource {
  const files = new Map<string, Uint8Array>();
  for (const entry of readEntries(bytes)) if (entry.kind === 'file') files.set(entry.name, entry.bytes);
  const read = (name: string): string => new TextDecoder().decode(files.get(name) ?? missing(name));
  const parsed = metadata.safeParse(JSON.parse(read('metadata.json')));
  if (!parsed.success)
    throw new RunError('usage', 'the metadata.json of the archive is not that of a k6 script');
  const { env, filename, options } = parsed.data;
  const readModule = (url: string): string | undefined => {
    const name = entryNameOf(anonymous(url));
    return files.has(name) ? read(name) : undefined;
  };
  return {
    archived: { environment: env ?? {}, options: options ?? {} },
    files: {
      read: (path) => {
        const bytes = files.get(`file${anonymousPath(path)}`);
        if (bytes === undefined) throw new FileError('missing', path);
        return bytes;
      },
    },
    sources: {
      read: async (url) => readModule(url) ?? (isRemote(url) ? others.read(url) : notThere(url)),
      readNow: (url) => readModule(url) ?? (isRemote(url) ? others.readNow(url) : notThere(url)),
    },
    text: read('data'),
    url: filename.includes('://') ? filename : `https://${filename.replace(/^\/\//, '')}`,
  };
}

function readEntries(bytes: Uint8Array): TarEntry[] {
  try {
    return readTar(bytes);
  } catch (error) {
    throw new RunError('usage', `the archive cannot be read: ${String(error)}`);
  }
}

function missing(what: string): never {
  throw new RunError('usage', `the archive has no ${what}`);
}

function notThere(url: string): never {
  throw unresolvable(`the module ${url} is not in the archive`);
}

function entryNameOf(url: string): string {
  const { host, pathname, protocol, search } = new URL(url);
  return protocol === 'file:'
    ? `file${posix.normalize(decodeURIComponent(pathname))}`
    : `https/${host}${decodeURIComponent(pathname)}${search}`;
}

function anonymous(url: string): string {
  return url.startsWith('file://') ? `file://${anonymousPath(url.slice('file://'.length))}` : url;
}

function anonymousPath(path: string): string {
  return path.replace(/^(\/[a-z])?\/(Users|home|Documents and Settings)\/[^/]+/i, '$1/$2/nobody');
}

function foldersOf(names: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const name of names) {
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1))
      folders.add(name.slice(0, end));
  }
  return [...folders].toSorted();
}
