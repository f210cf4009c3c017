/**
 * Addresses of the form host:port as Go's net package reads them, with its words for what is wrong, since they are
 * part of the API's answers.
 */
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { ApiError } from '../errors.ts';

export interface NetworkAddress {
  readonly host: string;
  readonly port: number;
}

export function formatAddress(address: NetworkAddress): string {
  return isIPv6(address.host) ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Splits host:port; returns what is wrong in Go's words when it cannot be split. */
export function parseAddress(text: string): NetworkAddress | { readonly problem: string } {
  const problem = (words: string): { problem: string } => ({ problem: `address ${text}: ${words}` });
  const colon = text.lastIndexOf(':');
  if (colon === -1) return problem('missing port in address');
  let host = text.slice(0, colon);
  if (host.startsWith('[')) {
    if (!host.endsWith(']')) return problem("missing ']' in address");
    host = host.slice(1, -1);
  } else if (host.includes(':')) {
    return problem('too many colons in address');
  }
  const portText = text.slice(colon + 1);
  if (portText !== '' && !/^\d+$/.test(portText)) return { problem: `lookup tcp/${portText}: unknown port` };
  const port = Number(portText);
  if (port > 65_535) return { problem: `address ${portText}: invalid port` };
  return { host, port };
}

/**
 * The address to listen on. Without a host it is the loopback interface: the original opens the port on all
 * interfaces, which a test tool should do only when told to (0.0.0.0 or [::]).
 * Throws ApiError listenFailed.
 */
export async function resolveListenAddress(listen: string): Promise<NetworkAddress> {
  if (listen === '') return { host: '127.0.0.1', port: 0 };
  const parsed = parseAddress(listen);
  if ('problem' in parsed) throw ApiError.listenFailed(`: ${parsed.problem}`);
  if (parsed.host === '' || parsed.host === 'localhost') return { host: '127.0.0.1', port: parsed.port };
  if (isIP(parsed.host) !== 0) return parsed;
  try {
    const found = await lookup(parsed.host, { order: 'ipv4first' });
    return { host: found.address, port: parsed.port };
  } catch {
    throw ApiError.listenFailed(`: lookup ${parsed.host}: no such host`);
  }
}

/** The address to dial. The original never validates it: a wrong one only makes every connection fail. */
export function upstreamAddress(upstream: string): NetworkAddress {
  const parsed = parseAddress(upstream);
  return 'problem' in parsed ? { host: '', port: 0 } : parsed;
}
