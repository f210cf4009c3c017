/** The module `k6/experimental/fs`: files opened in the init code and read piece by piece, each VU at its own place. */
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

const seekModes = { Current: 1, End: 2, Start: 0 } as const;

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = { SeekMode: { ...seekModes }, open: (path?: unknown) => open(kernel, path) };
  return { ...exports, default: exports };
}

interface OpenFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  offset: number;
}

const openFiles = new WeakMap<object, OpenFile>();

/** Undefined for anything but what `open` gave. */
export function openFileOf(value: unknown): OpenFile | undefined {
  return typeof value === 'object' && value !== null ? openFiles.get(value) : undefined;
}

/** As k6 names errors of files. */
class FsError extends GoError {
  constructor(kind: string, message: string) {
    super(message);
    Object.defineProperty(this, 'name', { configurable: true, value: kind });
  }
}

async function open(kernel: Kernel, given: unknown): Promise<object> {
  if (kernel.call !== undefined) {
    throw new FsError(
      'ForbiddenError',
      'open() failed; reason: opening a file is allowed only in the Init context',
    );
  }
  if (given === undefined || given === null)
    throw new FsError('TypeError', 'open() failed; reason: path cannot be null or undefined');
  const path = String(given);
  if (path === '') throw new FsError('TypeError', 'open() failed; reason: path cannot be empty');
  const outcome = kernel.host.ask.readFile(path, kernel.host.entry);
  if (outcome.ok) return new File({ bytes: outcome.value, offset: 0, path: outcome.path });
  switch (outcome.reason) {
    case 'folder':
      throw new FsError(
        'InvalidResourceError',
        `cannot open ${JSON.stringify(path)}: opening a directory is not supported`,
      );
    case 'missing':
      throw new FsError('NotFoundError', `no such file or directory ${JSON.stringify(path)}`);
    case 'other':
      throw new GoError(outcome.message);
  }
}

class File {
  readonly path: string;

  constructor(file: OpenFile) {
    this.path = file.path;
    openFiles.set(this, file);
  }

  async stat(): Promise<{ name: string; size: number }> {
    const { bytes, path } = fileOf(this);
    return { name: path.slice(path.lastIndexOf('/') + 1), size: bytes.length };
  }

  /** The number of bytes that were read; null at the end. */
  async read(into: unknown): Promise<number | null> {
    const file = fileOf(this);
    if (into === undefined || into === null) {
      throw new FsError('TypeError', 'read() failed; reason: into argument cannot be null or undefined');
    }
    if (!(into instanceof Uint8Array))
      throw new FsError('TypeError', 'read() failed; reason: into argument must be a Uint8Array');
    if (file.offset === file.bytes.length) return null;
    const piece = file.bytes.subarray(file.offset, file.offset + into.buffer.byteLength);
    new Uint8Array(into.buffer).set(piece);
    file.offset += piece.length;
    return piece.length;
  }

  async seek(offset: unknown, whence: unknown): Promise<number> {
    const file = fileOf(this);
    const distance = wholeNumber(offset, 'offset');
    const sought = soughtOffset(file, distance, wholeNumber(whence, 'whence'));
    if (sought < 0) throw new FsError('TypeError', 'seeking before start of file');
    if (sought > file.bytes.length) throw new FsError('TypeError', 'seeking beyond end of file');
    file.offset = sought;
    return sought;
  }
}

function fileOf(file: File): OpenFile {
  const found = openFiles.get(file);
  if (found === undefined) throw new GoError('this is not a file: call the method on the file itself');
  return found;
}

function wholeNumber(value: unknown, name: string): number {
  const failed = `seek() failed; reason: the ${name} argument`;
  if (value === undefined || value === null)
    throw new FsError('TypeError', `${failed} cannot be null or undefined`);
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new FsError('TypeError', `${failed} must be a number`);
  return value;
}

function soughtOffset({ bytes, offset }: OpenFile, distance: number, whence: number): number {
  switch (whence) {
    case seekModes.Current:
      return offset + distance;
    case seekModes.End:
      if (distance > 0) throw new FsError('TypeError', 'offset cannot be positive when using SeekModeEnd');
      return bytes.length - 1 + distance;
    case seekModes.Start:
      if (distance < 0) throw new FsError('TypeError', 'offset cannot be negative when using SeekModeStart');
      return distance;
    default:
      throw new FsError('TypeError', 'seek() failed; reason: the whence argument must be a SeekMode');
  }
}
