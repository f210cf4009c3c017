/**
 * Connections that processes of the target have open to other places than they were given, as Linux reports them in `/proc/net/tcp`. It is how a
 * program is seen that heeds no proxy variable. A connection that ends between two looks is not seen, nor is UDP.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { describePlace, isLoopback } from './places.ts';

export interface OpenConnection {
  readonly local: { readonly host: string; readonly port: number };
  readonly remote: { readonly host: string; readonly port: number };
  readonly inode: string;
  readonly listening: boolean;
}

const listeningState = '0A';
/** SYN_SENT, ESTABLISHED, and those in which it is closed. */
const connectedStates = new Set(['01', '02', '04', '05', '08', '09', '0B']);

/** Of the text of `/proc/net/tcp` or `tcp6`. */
export function parseConnections(text: string): readonly OpenConnection[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
      if (local === undefined || remote === undefined || state === undefined || inode === undefined)
        return [];
      const listening = state === listeningState;
      if (!listening && !connectedStates.has(state)) return [];
      return [{ local: parsePlace(local), remote: parsePlace(remote), inode, listening }];
    });
}

/** Such as `0100007F:18EB`: words of four bytes, each in the order of a little-endian machine. */
function parsePlace(text: string): { readonly host: string; readonly port: number } {
  const [address = '', port = ''] = text.split(':');
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).toReversed());
  const numbers = bytes.map((byte) => Number.parseInt(byte, 16));
  return { host: hostOf(numbers), port: Number.parseInt(port, 16) };
}

function hostOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/**
 * Places outside that processes connected to, and places on loopback that are neither in `given` nor a port on which one of the processes listens.
 * `inodes`: sockets of each process, by its name. `served`: ports on which they have listened so far, to which those of now are added: a server that
 * stops no longer listens, and what it has accepted is still open.
 */
export function otherPlaces(
  connections: readonly OpenConnection[],
  inodes: ReadonlyMap<string, ReadonlySet<string>>,
  given: ReadonlySet<number>,
  served: Set<number>,
): readonly { readonly instance: string; readonly place: string }[] {
  const ownerOf = (inode: string): string | undefined => [...inodes].find(([, own]) => own.has(inode))?.[0];
  const owned = connections.flatMap((connection) => {
    const instance = ownerOf(connection.inode);
    return instance === undefined ? [] : [{ ...connection, instance }];
  });
  for (const { listening, local } of owned) if (listening) served.add(local.port);
  return owned.flatMap(({ instance, listening, local, remote }) => {
    // What was accepted has the port that is listened on at this end.
    if (listening || served.has(local.port)) return [];
    const known = given.has(remote.port) || served.has(remote.port);
    if (isLoopback(remote.host) && known) return [];
    return [{ instance, place: describePlace(remote.host, remote.port) }];
  });
}

/** Of one process. Empty where the machine does not tell, or it has ended. */
export function socketsOf(pid: string): ReadonlySet<string> {
  const folder = `/proc/${pid}/fd`;
  try {
    const links = readdirSync(folder).map((name) => linkOf(`${folder}/${name}`));
    return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  } catch {
    return new Set();
  }
}

/** Of this network namespace. */
export function openConnections(): readonly OpenConnection[] {
  return ['/proc/self/net/tcp', '/proc/self/net/tcp6'].flatMap((file) => {
    try {
      return parseConnections(readFileSync(file, 'utf8'));
    } catch {
      return [];
    }
  });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
