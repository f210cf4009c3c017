/** Options of how requests reach a host: names, addresses and certificates. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { parseDuration } from './duration.ts';

export interface DnsOptions {
  readonly ttlMs?: number | undefined;
  readonly select?: 'first' | 'random' | 'roundRobin' | undefined;
  readonly policy?: 'any' | 'onlyIPv4' | 'onlyIPv6' | 'preferIPv4' | 'preferIPv6' | undefined;
}

const unlimitedMs = 365 * 86_400_000;

function ttlMsOf(ttl: string): number | undefined {
  if (ttl === 'inf') return unlimitedMs;
  const parsedMs = parseDuration(ttl);
  return parsedMs === undefined || parsedMs < 0 ? undefined : parsedMs;
}

const ttl = z.union([z.string(), z.number()]).transform((given, context) => {
  const parsedMs = ttlMsOf(String(given));
  if (parsedMs === undefined) context.addIssue({ code: 'custom', message: `invalid DNS TTL '${given}'` });
  return parsedMs ?? 0;
});

export const dns = z
  .strictObject({
    policy: z.enum(['any', 'onlyIPv4', 'onlyIPv6', 'preferIPv4', 'preferIPv6']).optional(),
    select: z.enum(['first', 'random', 'roundRobin']).optional(),
    ttl: ttl.optional(),
  })
  .transform(({ policy, select, ttl: ttlMs }): DnsOptions => ({ policy, select, ttlMs }));

/** As `--dns` and `K6_DNS` have it: `ttl=5m,select=random,policy=preferIPv4`. */
export function parseDnsText(text: string): Record<string, string> {
  const entries = text.split(',').filter((part) => part !== '');
  return Object.fromEntries(
    entries.map((part) => {
      const separator = part.indexOf('=');
      return separator < 0 ? [part, ''] : [part.slice(0, separator), part.slice(separator + 1)];
    }),
  );
}

/** Addresses such as `10.0.0.0/8`; one without a length is that address alone. */
export const blacklistedAddresses = z.array(z.string()).transform((ranges, context) => {
  const list = new BlockList();
  for (const range of ranges) {
    if (!addRange(list, range))
      context.addIssue({ code: 'custom', message: `invalid address range '${range}'` });
  }
  return { list, ranges };
});

function addRange(list: BlockList, range: string): boolean {
  const [address = '', length, ...rest] = range.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (length === undefined) list.addAddress(address, family);
  else if (!/^\d+$/.test(length) || Number(length) > (version === 4 ? 32 : 128)) return false;
  else list.addSubnet(address, Number(length), family);
  return true;
}

const versionNames = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
} as const;
const version = z.enum(['tls1.0', 'tls1.1', 'tls1.2', 'tls1.3']).transform((name) => versionNames[name]);

export const tlsVersion = z
  .union([version, z.strictObject({ max: version.optional(), min: version.optional() })])
  .transform((given) => (typeof given === 'string' ? { max: given, min: given } : given));

export const tlsAuth = z.array(
  z.strictObject({
    cert: z.string(),
    domains: z.array(z.string()).optional(),
    key: z.string(),
    password: z.string().optional(),
  }),
);
