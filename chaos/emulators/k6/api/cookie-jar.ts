/** `http.cookieJar()` and `new http.CookieJar()`. */
import type { CookieSettings, Handle } from './host.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';

export class CookieJar {
  readonly #kernel: Kernel;
  /** Undefined for the jar of the VU. */
  readonly #handle: Handle | undefined;

  constructor(kernel: Kernel, handle: Handle | undefined) {
    this.#kernel = kernel;
    this.#handle = handle;
  }

  get handle(): Handle | undefined {
    return this.#handle;
  }

  cookiesForURL(url: unknown): Record<string, string[]> {
    const outcome = this.#kernel.host.ask.cookiesFor(this.#handle, String(url));
    if (!outcome.ok) throw new GoError(outcome.message);
    const found = new Map<string, string[]>();
    for (const [name, value] of outcome.value) found.set(name, [...(found.get(name) ?? []), value]);
    return Object.fromEntries(found);
  }

  set(url: unknown, name: unknown, value: unknown, options?: unknown): boolean {
    const settings = readSettings(String(name), String(value), options);
    const outcome = this.#kernel.host.ask.setCookie(this.#handle, String(url), settings);
    if (!outcome.ok) throw new GoError(outcome.message);
    return true;
  }

  clear(url: unknown): void {
    this.#change(this.#kernel.host.ask.clearCookies(this.#handle, String(url)));
  }

  delete(url: unknown, name: unknown): void {
    if (name === undefined || name === '') throw new GoError('cookie: is null');
    this.#change(this.#kernel.host.ask.deleteCookie(this.#handle, String(url), String(name)));
  }

  #change(outcome: { ok: true } | { ok: false; message: string }): void {
    if (!outcome.ok) throw new GoError(outcome.message);
  }
}

function readSettings(name: string, value: string, options: unknown): CookieSettings {
  const given = new Map<string, unknown>();
  if (options !== undefined && options !== null) {
    for (const [key, inner] of Object.entries(Object(options))) given.set(key.toLowerCase(), inner);
  }
  const text = (key: string): string => {
    const found = given.get(key);
    return found === undefined || found === null ? '' : String(found);
  };
  return {
    domain: text('domain'),
    expires: text('expires'),
    httpOnly: Boolean(given.get('http_only')),
    maxAgeSeconds: Math.trunc(Number(given.get('max_age') ?? 0)) || 0,
    name,
    path: text('path'),
    secure: Boolean(given.get('secure')),
    value,
  };
}
