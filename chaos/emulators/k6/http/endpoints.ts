/** Where the requests for a URL really go: the options `hosts` and `blockHostnames` have a word in it. */
import type { URL } from 'node:url';
import type { Options } from '../options/options.ts';
import type { Endpoint } from './connection.ts';
import { errorCodes, RequestError } from './request-error.ts';

export function endpointOf(url: URL, options: Options): Endpoint {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (options.blockHostnames?.some((pattern) => hostMatches(pattern, hostname)) === true) {
    throw new RequestError(errorCodes.blockedHostname, `hostname (${hostname}) is in a blocked pattern`);
  }
  const target = targetOf(options.hosts, hostname, port);
  return {
    acceptAnyCertificate: options.insecureSkipTLSVerify === true,
    host: target.host,
    port: target.port,
    secure,
    serverName: hostname,
  };
}

function targetOf(hosts: Options['hosts'], host: string, port: number): { host: string; port: number } {
  if (hosts === undefined) return { host, port };
  const exact = hosts[`${host}:${port}`] ?? hosts[host];
  const pattern = Object.keys(hosts).find((key) => key.startsWith('*') && hostMatches(key, host));
  const target = exact ?? (pattern === undefined ? undefined : hosts[pattern]);
  if (target === undefined) return { host, port };
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(target);
  if (match === null) return { host: target, port };
  return { host: match[1] ?? match[2] ?? host, port: Number(match[3]) };
}

function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
}
