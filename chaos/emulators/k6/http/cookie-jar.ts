/** The cookies of one VU: set by answers or by the script, sent where domain, path and scheme agree (RFC 6265, section 5.3). */
import { isIP } from 'node:net';
import type { GoUrl } from './go-url.ts';
import { hostnameOf } from './go-url.ts';
import type { ReceivedCookie } from './set-cookie.ts';

interface KeptCookie {
  readonly name: string;
  readonly value: string;
  /** Lower case, without a leading dot. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly expiresMs: number | undefined;
  /** Counted up: of cookies with paths of one length the older comes first. */
  readonly order: number;
}

export class CookieJar {
  /** By domain, path and name, so that nothing that is called `__proto__` or `constructor` differs from other names. */
  readonly #cookies = new Map<string, KeptCookie>();
  #created = 0;

  /** Takes a cookie in that came from `url`; one for another host is passed over. */
  set(cookie: ReceivedCookie, url: GoUrl, nowMs: number): void {
    const host = hostOf(url);
    const domain = domainOf(cookie.domain, host);
    if (domain === undefined) return;
    const path = cookie.path.startsWith('/') ? cookie.path : defaultPath(url.path);
    const key = `${domain.name}\n${path}\n${cookie.name}`;
    const expiresMs = cookie.maxAgeSeconds > 0 ? nowMs + cookie.maxAgeSeconds * 1000 : cookie.expiresMs;
    if (cookie.maxAgeSeconds < 0 || (expiresMs !== undefined && expiresMs <= nowMs)) {
      this.#cookies.delete(key);
      return;
    }
    const { name, secure, value } = cookie;
    const order = this.#cookies.get(key)?.order ?? (this.#created += 1);
    this.#cookies.set(key, {
      domain: domain.name,
      expiresMs,
      hostOnly: domain.hostOnly,
      name,
      order,
      path,
      secure,
      value,
    });
  }

  /** Those with the longest path first. */
  forUrl(url: GoUrl, nowMs: number): readonly { readonly name: string; readonly value: string }[] {
    if (this.#cookies.size === 0) return none;
    const host = hostOf(url);
    const path = url.path === '' ? '/' : url.path;
    return [...this.#cookies.values()]
      .filter(
        (cookie) =>
          (cookie.expiresMs === undefined || cookie.expiresMs > nowMs) &&
          domainMatches(cookie, host) &&
          pathMatches(cookie.path, path) &&
          (!cookie.secure || url.scheme === 'https'),
      )
      .toSorted((left, right) => right.path.length - left.path.length || left.order - right.order);
  }

  /** Takes out what would be sent to `url`. */
  clear(url: GoUrl, nowMs: number): void {
    for (const { name } of this.forUrl(url, nowMs)) this.delete(url, name);
  }

  delete(url: GoUrl, name: string): void {
    const host = hostOf(url);
    for (const [key, cookie] of this.#cookies) {
      if (cookie.name === name && domainMatches(cookie, host)) this.#cookies.delete(key);
    }
  }
}

const none: readonly never[] = [];

function hostOf(url: GoUrl): string {
  return hostnameOf(url).toLowerCase();
}

/** Undefined when a host may not set cookies for that domain. */
function domainOf(given: string, host: string): { name: string; hostOnly: boolean } | undefined {
  const name = given.replace(/^\./, '').toLowerCase();
  if (name === '') return { hostOnly: true, name: host };
  if (isIP(host) !== 0) return name === host ? { hostOnly: true, name } : undefined;
  return host === name || host.endsWith(`.${name}`) ? { hostOnly: false, name } : undefined;
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

function domainMatches(cookie: KeptCookie, host: string): boolean {
  return host === cookie.domain || (!cookie.hostOnly && host.endsWith(`.${cookie.domain}`));
}

function pathMatches(cookiePath: string, path: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
