/**
 * Keeps two processes from writing in one data folder. A listening socket is the lock, because the kernel takes it
 * back however the process ends; a file would outlive a `kill -9`.
 */
import { createHash } from 'node:crypto';
import { realpath, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { FolderInUseError } from '../errors.ts';

/** Throws `FolderInUseError` while another engine, in this process or another, has the folder open. */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const path = await realpath(folder);
  const address = process.platform === 'linux' ? abstractAddress(path) : join(path, 'lock.sock');
  const server = (await listen(address)) ?? (await takeOver(address));
  if (server === undefined) throw new FolderInUseError(folder);
  server.unref();
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** A name in Linux's abstract namespace, which leaves no file behind. */
function abstractAddress(path: string): string {
  return `\0redcliff-mongo-${createHash('sha256').update(path).digest('hex')}`;
}

/** Undefined when the address is taken. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ path: address }, () => resolve(server));
  });
}

/** A socket file without a listener is left over from a process that was killed. */
async function takeOver(address: string): Promise<Server | undefined> {
  if (address.startsWith('\0') || (await isAnswered(address))) return undefined;
  await unlink(address);
  return listen(address);
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path: address });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
