/** Where the requests for a URL really go: the options `hosts`, `dns`, `blockHostnames` and `blacklistIPs` have a part in it. */
import { isIP } from 'node:net';
import type { Options } from '../options/options.ts';
import type { Endpoint } from './connection.ts';
import { hostnameOf, portOf } from './go-url.ts';
import type { GoUrl } from './go-url.ts';
import { dialError, errorCodes, RequestError } from './request-error.ts';
import type { Resolver } from './resolver.ts';

/** At once unless the name has to be looked up. Throws a `RequestError`. */
export function endpointOf(url: GoUrl, options: Options, resolver: Resolver): Endpoint | Promise<Endpoint> {
  const hostname = hostnameOf(url);
  const secure = url.scheme === 'https' || url.scheme === 'wss';
  const port = portOf(url) ?? (secure ? 443 : 80);
  if (
    isIP(hostname) === 0 &&
    options.blockHostnames?.some((pattern) => hostMatches(pattern, hostname)) === true
  ) {
    throw new RequestError(errorCodes.blockedHostname, 'hostname is blocked');
  }
  const target = targetOf(options.hosts, hostname, port);
  const make = (host: string): Endpoint => {
    assertAllowed(host, options);
    return {
      host,
      port: target.port,
      secure,
      serverName: hostname,
      tls: secure ? tlsFor(hostname, options) : {},
    };
  };
  if (isIP(target.host) !== 0) return make(target.host);
  return resolver.resolve(target.host).then(make, (error: unknown) => {
    throw dialError(error instanceof Error ? error : new Error(String(error)));
  });
}

function assertAllowed(address: string, { blacklistIPs }: Options): void {
  if (blacklistIPs?.list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') === true) {
    throw new RequestError(errorCodes.blacklistedIp, 'ip is blacklisted');
  }
}

function targetOf(hosts: Options['hosts'], host: string, port: number): { host: string; port: number } {
  if (hosts === undefined) return { host, port };
  const target = find(hosts, `${host}:${port}`) ?? find(hosts, host);
  if (target === undefined) return { host, port };
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(target);
  if (match === null) return { host: target.replace(/^\[(.*)\]$/, '$1'), port };
  return { host: match[1] ?? match[2] ?? host, port: Number(match[3]) };
}

function find(hosts: NonNullable<Options['hosts']>, name: string): string | undefined {
  const entries = Object.entries(hosts);
  const exact = entries.find(([pattern]) => pattern.toLowerCase() === name.toLowerCase());
  return (exact ?? entries.find(([pattern]) => pattern.startsWith('*') && hostMatches(pattern, name)))?.[1];
}

function hostMatches(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  return wanted.startsWith('*') ? given.endsWith(wanted.slice(1)) : wanted === given;
}

function tlsFor(hostname: string, { insecureSkipTLSVerify, tlsAuth, tlsVersion }: Options): Endpoint['tls'] {
  const client = tlsAuth?.find(
    ({ domains }) => domains === undefined || domains.some((pattern) => hostMatches(pattern, hostname)),
  );
  return {
    rejectUnauthorized: insecureSkipTLSVerify !== true,
    ...(client === undefined
      ? {}
      : {
          cert: client.cert,
          key: client.key,
          ...(client.password === undefined ? {} : { passphrase: client.password }),
        }),
    ...(tlsVersion?.max === undefined ? {} : { maxVersion: tlsVersion.max }),
    ...(tlsVersion?.min === undefined ? {} : { minVersion: tlsVersion.min }),
  };
}
