/** The cookies of one VU: set by answers or by the script, sent where domain, path and scheme agree (RFC 6265). */
import { isIP } from 'node:net';
import type { URL } from 'node:url';

export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Without a leading dot. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Seconds, 0 when not given. */
  readonly maxAge: number;
  /** Milliseconds since the epoch, undefined for a session cookie. */
  readonly expiresMs: number | undefined;
  readonly sameSite: string;
}

export class CookieJar {
  #cookies: Cookie[] = [];

  /** Takes in one `Set-Cookie` line of an answer from `url`; gives the cookie if it is one for this host. */
  receive(line: string, url: URL, nowMs: number): Cookie | undefined {
    const cookie = parseSetCookie(line, url, nowMs);
    if (cookie === undefined || !domainMatches(cookie, url.hostname)) return undefined;
    this.#put(cookie, nowMs);
    return cookie;
  }

  set(cookie: Cookie, nowMs: number): void {
    this.#put(cookie, nowMs);
  }

  forUrl(url: URL, nowMs: number): readonly Cookie[] {
    if (this.#cookies.length === 0) return this.#cookies;
    return this.#cookies
      .filter(
        (cookie) =>
          (cookie.expiresMs === undefined || cookie.expiresMs > nowMs) &&
          domainMatches(cookie, url.hostname) &&
          pathMatches(cookie.path, url.pathname) &&
          (!cookie.secure || url.protocol === 'https:'),
      )
      .toSorted((left, right) => right.path.length - left.path.length);
  }

  clear(url: URL): void {
    this.#cookies = this.#cookies.filter((cookie) => !domainMatches(cookie, url.hostname));
  }

  delete(url: URL, name: string): void {
    this.#cookies = this.#cookies.filter(
      (cookie) => cookie.name !== name || !domainMatches(cookie, url.hostname),
    );
  }

  #put(cookie: Cookie, nowMs: number): void {
    this.#cookies = this.#cookies.filter(
      (other) => other.name !== cookie.name || other.domain !== cookie.domain || other.path !== cookie.path,
    );
    if (cookie.expiresMs === undefined || cookie.expiresMs > nowMs) this.#cookies.push(cookie);
  }
}

function parseSetCookie(line: string, url: URL, nowMs: number): Cookie | undefined {
  const [pair = '', ...attributes] = line.split(';');
  const separator = pair.indexOf('=');
  if (separator <= 0) return undefined;
  const given = new Map<string, string>();
  for (const attribute of attributes) {
    const equals = attribute.indexOf('=');
    const name = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
    given.set(name, equals < 0 ? '' : attribute.slice(equals + 1).trim());
  }
  const domain = given.get('domain')?.replace(/^\./, '').toLowerCase() ?? '';
  const path = given.get('path') ?? '';
  const maxAge = Number(given.get('max-age') ?? Number.NaN);
  const expires = Date.parse(given.get('expires') ?? '');
  return {
    domain: domain === '' ? url.hostname : domain,
    expiresMs: expiryOf(maxAge, expires, nowMs),
    hostOnly: domain === '',
    httpOnly: given.has('httponly'),
    maxAge: Number.isNaN(maxAge) ? 0 : maxAge,
    name: pair.slice(0, separator).trim(),
    path: path.startsWith('/') ? path : defaultPath(url.pathname),
    sameSite: given.get('samesite') ?? '',
    secure: given.has('secure'),
    value: pair.slice(separator + 1).trim(),
  };
}

function expiryOf(maxAgeSeconds: number, expiresMs: number, nowMs: number): number | undefined {
  if (!Number.isNaN(maxAgeSeconds)) return nowMs + maxAgeSeconds * 1000;
  return Number.isNaN(expiresMs) ? undefined : expiresMs;
}

function defaultPath(pathname: string): string {
  const end = pathname.lastIndexOf('/');
  return end <= 0 ? '/' : pathname.slice(0, end);
}

function domainMatches(cookie: Cookie, host: string): boolean {
  if (host === cookie.domain) return true;
  return !cookie.hostOnly && isIP(host) === 0 && host.endsWith(`.${cookie.domain}`);
}

function pathMatches(cookiePath: string, path: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
