/** Says why a server that is a program of its own did not start, with the remedy. */

/** `thrown` while it started, such as an error of `listen`. */
export function describeStartFailure(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { code, address, port } = thrown as NodeJS.ErrnoException & { address?: string; port?: number };
  const where = `port ${port ?? '?'} of ${address ?? '?'}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is taken (address already in use): give another --port, or 0 for a free one`;
    case 'EACCES':
      return port === undefined ? thrown.message : `${where} needs more rights: give a --port above 1023`;
    case 'EADDRNOTAVAIL':
      return `${address ?? '?'} is not an address of this machine: give another host, such as 127.0.0.1`;
    default:
      return thrown.message;
  }
}
