/** The cookie jar as scripts see it: `http.cookieJar()` and `new http.CookieJar()`. */
import { URL } from 'node:url';
import { callingContext } from '../engine/script-context.ts';
import { parseDuration } from '../options/duration.ts';
import type { CookieJar } from '../http/cookie-jar.ts';

export class ScriptCookieJar {
  readonly jar: CookieJar;

  constructor(jar: CookieJar) {
    this.jar = jar;
  }

  cookiesForURL(url: string): Record<string, string[]> {
    const found: Record<string, string[]> = {};
    for (const { name, value } of this.jar.forUrl(new URL(url), nowMs())) (found[name] ??= []).push(value);
    return found;
  }

  set(url: string, name: string, value: string, options: Readonly<Record<string, unknown>> = {}): boolean {
    const parsed = new URL(url);
    const domain = String(options['domain'] ?? '').replace(/^\./, '');
    const maxAge = Number(options['max_age'] ?? 0);
    this.jar.set(
      {
        domain: domain === '' ? parsed.hostname : domain,
        expiresMs: expiry(maxAge, options['expires']),
        hostOnly: domain === '',
        httpOnly: options['http_only'] === true,
        maxAge,
        name,
        path: String(options['path'] ?? '/'),
        sameSite: '',
        secure: options['secure'] === true,
        value: String(value),
      },
      nowMs(),
    );
    return true;
  }

  clear(url: string): void {
    this.jar.clear(new URL(url));
  }

  delete(url: string, name: string): void {
    this.jar.delete(new URL(url), name);
  }
}

function nowMs(): number {
  return callingContext('a cookie jar').run.clock.nowMs();
}

function expiry(maxAgeSeconds: number, expires: unknown): number | undefined {
  if (maxAgeSeconds !== 0) return nowMs() + maxAgeSeconds * 1000;
  if (typeof expires !== 'string' || expires === '') return undefined;
  const dateMs = Date.parse(expires);
  return Number.isNaN(dateMs) ? parseDuration(expires) : dateMs;
}
