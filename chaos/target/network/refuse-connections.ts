/**
 * Loaded before a Node.js process of the target (`--import`): connections to other places than loopback and those that the target allows are refused,
 * and each refused place is written to the `file` of this module's URL. Names are not looked up either, so that nothing leaves the machine.
 */
import dns from 'node:dns';
import { appendFileSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { describePlace, isAllowed, isLoopback, loopbackNames } from './places.ts';

const { searchParams } = new URL(import.meta.url);
const file = searchParams.get('file') ?? '';
const allowed = searchParams.getAll('allow');
const names = new Set(loopbackNames(readHosts()));
const told = new Set<string>();

const isLocal = (host: string): boolean => isLoopback(host) || names.has(host.toLowerCase());

/** Once for each place; a folder that is gone must not become an error of the target. */
function tell(place: string): void {
  if (told.has(place)) return;
  told.add(place);
  try {
    appendFileSync(file, `${place}\n`);
  } catch {
    // The run has ended.
  }
}

function readHosts(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8');
  } catch {
    return '';
  }
}

function refusal(code: 'ECONNREFUSED' | 'ENOTFOUND', syscall: string, place: string): Error {
  const message = `${syscall} ${code} ${place} (refused by Redcliff: network of the target does not allow it)`;
  return Object.assign(new Error(message), { code, syscall });
}

/** Of the arguments of `connect`, as users and Node.js itself give them; null for a socket in the file system. */
function placeOf(given: readonly unknown[]): { readonly host: string; readonly port: number } | null {
  const [first, second] = given;
  if (Array.isArray(first)) return placeOf(first);
  if (typeof first === 'object' && first !== null) {
    const { host, port, path } = first as { host?: unknown; port?: unknown; path?: unknown };
    if (typeof path === 'string' && port === undefined) return null;
    return { host: typeof host === 'string' ? host : 'localhost', port: Number(port) };
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return null;
  return { host: typeof second === 'string' ? second : 'localhost', port: Number(first) };
}

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...given: unknown[]): Socket {
  const place = placeOf(given);
  if (place !== null && !isLocal(place.host) && !isAllowed(allowed, place.host, place.port)) {
    const text = describePlace(place.host, place.port);
    tell(text);
    process.nextTick(() => this.destroy(refusal('ECONNREFUSED', 'connect', text)));
    return this;
  }
  return Reflect.apply(connect, this, given) as Socket;
};

/** A port that is allowed allows the name. */
const mayLookUp = (name: string): boolean =>
  isLocal(name) || allowed.some((place) => place === name || place.startsWith(`${name}:`));

const lookup = dns.lookup;
const refusingLookup = (name: string, ...rest: unknown[]): unknown => {
  if (mayLookUp(name)) return Reflect.apply(lookup, dns, [name, ...rest]);
  tell(name);
  const callback = rest.at(-1);
  if (typeof callback === 'function')
    process.nextTick(() => Reflect.apply(callback, undefined, [refusal('ENOTFOUND', 'getaddrinfo', name)]));
  return {};
};
const promised = dns.promises.lookup;
const refusingPromise = (name: string, ...rest: unknown[]): unknown => {
  if (mayLookUp(name)) return Reflect.apply(promised, dns.promises, [name, ...rest]);
  tell(name);
  return Promise.reject(refusal('ENOTFOUND', 'getaddrinfo', name));
};
Object.defineProperty(dns, 'lookup', { value: refusingLookup, configurable: true, writable: true });
Object.defineProperty(dns.promises, 'lookup', { value: refusingPromise, configurable: true, writable: true });
syncBuiltinESMExports();
