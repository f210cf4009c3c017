/** What follows from a redirect, as Go's http.Client goes about it. */
import { formatGoUrl, hostnameOf, resolveReference, UrlError } from './go-url.ts';
import type { GoUrl } from './go-url.ts';
import { errorCodes, RequestError } from './request-error.ts';
import type { ParsedHead } from './response-head.ts';

export interface Hop {
  readonly method: string;
  readonly url: GoUrl;
  readonly body: Buffer | string | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

const credentials = ['Authorization', 'Cookie', 'Cookie2', 'Proxy-Authorization', 'Www-Authenticate'];

/** The next request, or undefined when the answer is the last. Throws when it names no place to go to. */
export function nextHop(first: Hop, hop: Hop, head: ParsedHead): Hop | undefined {
  const { status } = head;
  const location = head.headers['Location'] ?? '';
  if (![301, 302, 303, 307, 308].includes(status) || location === '') return undefined;
  const url = resolve(hop.url, location);
  const headers = new Map(hop.headers);
  const host = first.headers.get('Host');
  // A host that the script gave goes along only to places on the same server.
  if (host !== undefined && !isRelative(location)) headers.delete('Host');
  if (!isSameOrBelow(hostnameOf(url), hostnameOf(first.url))) {
    for (const name of credentials) headers.delete(name);
  }
  const referer = refererOf(hop.url, url, first.headers.get('Referer'));
  if (referer === '') headers.delete('Referer');
  else headers.set('Referer', referer);
  if (status === 307 || status === 308) return { ...hop, headers, url };
  const method = hop.method === 'HEAD' ? 'HEAD' : 'GET';
  return { body: undefined, headers, method, url };
}

function resolve(base: GoUrl, location: string): GoUrl {
  try {
    return resolveReference({ ...base, fragment: undefined }, location);
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    throw new RequestError(
      errorCodes.generic,
      `failed to parse Location header ${JSON.stringify(location)}: ${error.message}`,
      error,
    );
  }
}

function isRelative(location: string): boolean {
  return !/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(location);
}

function isSameOrBelow(host: string, parent: string): boolean {
  return host === parent || (host.endsWith(`.${parent}`) && !parent.includes(':'));
}

function refererOf(from: GoUrl, to: GoUrl, given: string | undefined): string {
  if (from.scheme === 'https' && to.scheme === 'http') return '';
  if (given !== undefined && given !== '') return given;
  return formatGoUrl({ ...from, fragment: undefined, user: undefined });
}
