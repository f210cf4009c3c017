/**
 * `node:fs` of one simulated process. Its files are real ones, each read and written at once: what Node does in threads takes no time here, so
 * that the order of its ends does not depend on a disk. Devices and what the system tells of real processes are not there.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OwnProcess } from '../programs/own-process.ts';
import { NotSimulated } from '../errors.ts';

type Callback = (error: Error | null, ...values: unknown[]) => void;
type Call = (...args: unknown[]) => unknown;
type Functions = Record<string, unknown>;

/** A background operation of a disk takes about this long. */
const diskNs = 100_000;
const systemFolders = /^\/(?:proc|sys|dev)(?:\/|$)/;
const standardOutput = 1;
const standardError = 2;

/** Functions that take a path first, and are to be refused for system folders. */
function isSystemPath(place: unknown): boolean {
  return typeof place === 'string' && systemFolders.test(place) && place !== '/dev/null';
}

function missing(place: unknown, syscall: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, ${syscall} '${String(place)}'`), {
    code: 'ENOENT',
    errno: -2,
    syscall,
    path: String(place),
  });
}

export interface OwnFiles {
  readonly fs: Functions;
  readonly promises: Functions;
}

export function filesOf(process: OwnProcess): OwnFiles {
  const real = fs as unknown as Functions;
  const { files } = process.machine;
  const placed = (place: unknown): unknown => {
    const text = place instanceof URL ? fileURLToPath(place) : place;
    return typeof text === 'string' && !path.isAbsolute(text) ? path.join(process.cwd, text) : text;
  };
  const own: Functions = { ...real };
  for (const [name, call] of Object.entries(real)) {
    if (!name.endsWith('Sync') || typeof call !== 'function') continue;
    own[name] = (...args: unknown[]): unknown => {
      const [first, ...others] = args;
      const place = placed(first);
      if (isSystemPath(place)) {
        if (name === 'existsSync') return false;
        if (
          name === 'statSync' &&
          (others[0] as { throwIfNoEntry?: boolean } | undefined)?.throwIfNoEntry === false
        )
          return undefined;
        throw missing(place, name.replace(/Sync$/, ''));
      }
      const second = twoPlaces.has(name) ? [placed(others[0]), ...others.slice(1)] : others;
      return Reflect.apply(call, fs, args.length === 0 ? [] : [place, ...second]);
    };
  }
  const sync = (name: string): Call => own[`${name}Sync`] as Call;
  const openSync = sync('open');
  own['openSync'] = (...args: unknown[]) => {
    const descriptor = openSync(...args) as number;
    files.opened(descriptor, String(placed(args[0])));
    return descriptor;
  };
  const readdirSync = sync('readdir');
  // A file system gives names in an order of its own.
  own['readdirSync'] = (...args: unknown[]) => {
    const names = readdirSync(...args) as unknown[];
    const nameOf = (entry: unknown): string =>
      typeof entry === 'string' ? entry : String((entry as fs.Dirent).name);
    return names.toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  };
  // The simulated machine never loses what was written, so nothing has to reach a disk.
  own['fsyncSync'] = () => undefined;
  own['fdatasyncSync'] = () => undefined;
  const closeSync = sync('close');
  own['closeSync'] = (descriptor: number) => {
    files.closed(descriptor);
    closeSync(descriptor);
  };
  const writeSync = sync('write');
  own['writeSync'] = (descriptor: number, ...args: unknown[]) => {
    if (descriptor !== standardOutput && descriptor !== standardError) return writeSync(descriptor, ...args);
    const bytes = bytesOf(args);
    process.write(descriptor, bytes);
    return bytes.length;
  };
  const realWriteFileSync = sync('writeFile');
  for (const name of ['writeFileSync', 'appendFileSync']) {
    const write = name === 'writeFileSync' ? realWriteFileSync : sync('appendFile');
    own[name] = (place: unknown, data: unknown, options: unknown) => {
      if (place === standardOutput || place === standardError)
        process.write(place, typeof data === 'string' ? data : (data as Uint8Array));
      else write(place, data, options);
    };
  }
  for (const [name, call] of Object.entries(real)) {
    if (typeof call !== 'function' || !(`${name}Sync` in own)) continue;
    own[name] = (...args: unknown[]): void => {
      const done = args.at(-1);
      if (typeof done !== 'function') throw new TypeError('The "cb" argument must be of type function.');
      inBackground(process, () => sync(name)(...args.slice(0, -1)), name, done as Callback, args);
    };
  }
  own['exists'] = (place: unknown, done: (exists: boolean) => void): void =>
    void process.nextEvent(() => done(sync('exists')(place) === true));
  for (const name of ['watch', 'watchFile', 'openAsBlob', 'glob']) {
    own[name] = () => {
      throw new NotSimulated(`fs.${name}`);
    };
  }
  own['createReadStream'] = (place: unknown, options?: unknown) =>
    fs.createReadStream(placed(place) as string, { ...streamOptions(options), fs: own } as never);
  own['createWriteStream'] = (place: unknown, options?: unknown) =>
    fs.createWriteStream(placed(place) as string, { ...streamOptions(options), fs: own } as never);
  const promises = promisesOf(process, own);
  own['promises'] = promises;
  return { fs: own, promises };
}

const twoPlaces: ReadonlySet<string> = new Set(['copyFileSync', 'cpSync', 'linkSync', 'renameSync']);

function streamOptions(options: unknown): object {
  return typeof options === 'string' ? { encoding: options } : ((options ?? {}) as object);
}

/** Of the arguments behind the descriptor of `fs.writeSync`. */
function bytesOf([data, offset, length]: readonly unknown[]): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  const bytes = data as Uint8Array;
  const start = typeof offset === 'number' ? offset : 0;
  return bytes.subarray(start, typeof length === 'number' ? start + length : undefined);
}

function inBackground(
  process: OwnProcess,
  run: () => unknown,
  name: string,
  done: Callback,
  args: readonly unknown[],
): void {
  process.hold();
  let value: unknown;
  let problem: Error | null = null;
  try {
    value = run();
  } catch (error) {
    problem = error as Error;
  }
  process.machine.scheduler.after(diskNs, process, () => {
    process.release();
    if (problem !== null) done(problem);
    // `read` and `write` give the buffer too.
    else if (name === 'read' || name === 'write' || name === 'writev') done(null, value, args[1]);
    else if (value === undefined) done(null);
    else done(null, value);
  });
}

function promisesOf(process: OwnProcess, own: Functions): Functions {
  const call = (name: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      inBackground(
        process,
        () => (own[`${name}Sync`] as Call)(...args),
        '',
        (error, value) => (error === null ? resolve(value) : reject(error)),
        args,
      );
    });
  const promises: Functions = { constants: fs.constants };
  for (const name of Object.keys(fs.promises)) {
    if (`${name}Sync` in own) promises[name] = (...args: unknown[]) => call(name, args.map(unwrapped));
  }
  promises['open'] = async (...args: unknown[]) => fileHandle((await call('open', args)) as number, call);
  return promises;
}

/** `readFile` and others take a handle in place of a path. */
function unwrapped(arg: unknown): unknown {
  return typeof arg === 'object' && arg !== null && 'fd' in arg ? (arg as { fd: number }).fd : arg;
}

function fileHandle(fd: number, call: (name: string, args: readonly unknown[]) => Promise<unknown>): object {
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await call('close', [fd]);
  };
  return {
    fd,
    close,
    [Symbol.asyncDispose]: close,
    read: async (given: unknown, ...rest: unknown[]) => {
      const { buffer, args } = readArguments(given, rest);
      return { bytesRead: await call('read', [fd, buffer, ...args]), buffer };
    },
    write: async (data: unknown, ...args: unknown[]) => ({
      bytesWritten: await call('write', [fd, data, ...args]),
      buffer: data,
    }),
    writev: async (buffers: unknown, ...args: unknown[]) => ({
      bytesWritten: await call('writev', [fd, buffers, ...args]),
      buffers,
    }),
    readLines: async function* () {
      const lines = String(await call('readFile', [fd, 'utf8'])).split(/\r?\n/);
      if (lines.at(-1) === '') lines.pop();
      yield* lines;
    },
    readFile: (options: unknown) => call('readFile', [fd, options]),
    writeFile: (data: unknown, options: unknown) => call('writeFile', [fd, data, options]),
    appendFile: (data: unknown, options: unknown) => call('appendFile', [fd, data, options]),
    stat: (options: unknown) => call('fstat', [fd, options]),
    sync: () => call('fsync', [fd]),
    datasync: () => call('fdatasync', [fd]),
    truncate: (length: unknown) => call('ftruncate', [fd, length]),
  };
}

function readArguments(
  given: unknown,
  rest: readonly unknown[],
): { buffer: Uint8Array; args: readonly unknown[] } {
  if (ArrayBuffer.isView(given)) return { buffer: given as Uint8Array, args: rest };
  const { buffer, offset, length, position } = given as Record<string, unknown>;
  const bytes = buffer as Uint8Array;
  return { buffer: bytes, args: [offset ?? 0, length ?? bytes.byteLength, position ?? null] };
}
