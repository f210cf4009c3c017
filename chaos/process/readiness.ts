/** How to tell that a process is ready: by a line of its output, or because it accepts connections. */
import { connect } from 'node:net';
import type { Clock } from '../clock.ts';
import type { LogTail } from './log-tail.ts';

export type Readiness =
  /** A line of its log (stdout or stderr) fulfils `matches`. */
  | { readonly kind: 'line'; readonly matches: (line: string) => boolean }
  /** It accepts TCP connections. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** `probe` resolves to true. It must settle by itself; a rejection counts as "not yet". */
  | { readonly kind: 'probe'; readonly probe: (signal: AbortSignal) => Promise<boolean> }
  /** It counts as ready as soon as it was started. */
  | { readonly kind: 'started' };

const pollMs = 10;
const connectDeadlineMs = 1_000;

/** Resolves when ready, with the line that showed it where a line did; rejects when `signal` is aborted. */
export async function waitUntilReady(
  readiness: Readiness,
  log: LogTail,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (;;) {
    signal.throwIfAborted();
    if (readiness.kind === 'started') return undefined;
    if (readiness.kind === 'line') {
      const line = log.readLines().find(readiness.matches);
      if (line !== undefined) return line;
    } else if (await isReady(readiness, clock, signal)) {
      return undefined;
    }
    await clock.sleep(pollMs, signal);
  }
}

async function isReady(
  readiness: Extract<Readiness, { kind: 'tcp' | 'probe' }>,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  if (readiness.kind === 'tcp') return acceptsConnections(readiness.host, readiness.port, clock);
  try {
    return await readiness.probe(signal);
  } catch {
    return false;
  }
}

/** Whether a TCP connection to `host`:`port` is accepted within a second. */
export function acceptsConnections(host: string, port: number, clock: Clock): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  const deadline = clock.timer(connectDeadlineMs, () => resolve(false));
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => {
    deadline[Symbol.dispose]();
    socket.destroy();
  });
}
