/**
 * Ports for the servers of the stack, outside of the range from which the system draws the ports of outgoing connections.
 * A server that is down for a while (killed, or a proxy that is switched off) must find its port free when it comes back;
 * and a client that connects to a closed port of that range can, on loopback, end up connected to itself.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { StackFailed } from './errors.ts';

const lowestPort = 15_000;
/** Below the outgoing ranges of Linux (32768–60999) and macOS (49152–65535). */
const highestPort = 32_767;
const fewestPorts = 1_000;

const handedOut = new Set<number>();

/** A free port of 127.0.0.1 that this process has not handed out before. */
export async function freePort(): Promise<number> {
  const highest = highestPortHere();
  const count = highest - lowestPort + 1;
  // Runs at the same time begin at different places, so that they seldom want the same port.
  const start = (process.pid * 127) % count;
  for (let step = 0; step < count; step += 1) {
    const port = lowestPort + ((start + step) % count);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new StackFailed(`no port from ${lowestPort} to ${highest} is free`);
}

/** Whether one can listen on `port` of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function highestPortHere(): number {
  const lowestOutgoing = readLowestOutgoingPort();
  if (lowestOutgoing === undefined || lowestOutgoing - lowestPort < fewestPorts) return highestPort;
  return Math.min(highestPort, lowestOutgoing - 1);
}

function readLowestOutgoingPort(): number | undefined {
  try {
    const low = Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
    return Number.isNaN(low) ? undefined : low;
  } catch {
    return undefined;
  }
}
