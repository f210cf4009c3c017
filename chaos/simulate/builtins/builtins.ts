/**
 * The modules of Node that a simulated process gets: its own where they touch the outside, Node's where they only compute, and by name a refusal
 * for the rest.
 */
import { createRequire } from 'node:module';
import dns from 'node:dns';
import module from 'node:module';
import os from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';
import v8 from 'node:v8';
import vm from 'node:vm';
import zlib from 'node:zlib';
import { NotSimulated } from '../errors.ts';
import type { LoadHook } from '../programs/module-instances.ts';
import type { OwnProcess } from '../programs/own-process.ts';
import { childProcessesOf, workerThreadsOf } from './child-processes.ts';
import { cryptoOf } from './crypto.ts';
import { filesOf, type OwnFiles } from './files.ts';
import { httpOf } from './http.ts';
import { perfHooksOf } from './performance.ts';
import { netOf } from './sockets.ts';
import { timersPromisesOf } from './timers.ts';

const require = createRequire(import.meta.url);

/** What only computes: Node's own. */
const shared: ReadonlySet<string> = new Set([
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'constants',
  'diagnostics_channel',
  'events',
  'path',
  'path/posix',
  'path/win32',
  'punycode',
  'querystring',
  'readline',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'tty',
  'url',
  'util/types',
]);

/** May be imported, by programs that use them only when they are asked to; their functions that reach outside are refused. */
const refusedCalls: Readonly<Record<string, readonly string[]>> = {
  cluster: ['fork', 'setupPrimary'],
  dgram: ['createSocket'],
  http2: ['connect', 'createServer', 'createSecureServer'],
  https: ['createServer', 'get', 'request'],
  inspector: ['open', 'waitForDebugger'],
  'readline/promises': ['createInterface'],
  tls: ['connect', 'createServer'],
  v8: ['setHeapSnapshotNearHeapLimit', 'writeHeapSnapshot'],
};

export function builtinsOf(process: OwnProcess): (name: string) => object {
  const made = new Map<string, object>();
  let files: OwnFiles | undefined;
  const ownFiles = (): OwnFiles => (files ??= filesOf(process));
  const makers: Readonly<Record<string, () => object>> = {
    child_process: () => childProcessesOf(process),
    crypto: () => cryptoOf(process),
    dns: () => dnsOf(process),
    'dns/promises': () => dnsOf(process).promises,
    fs: () => ownFiles().fs,
    'fs/promises': () => ownFiles().promises,
    http: () => httpOf(process),
    module: () => moduleOf(process),
    net: () => netOf(process, process.machine.network),
    os: osOf,
    perf_hooks: () => perfHooksOf(process),
    process: () => process.object,
    timers: () => ({
      ...timersIn(process),
      promises: timersPromisesOf(process),
    }),
    'timers/promises': () => timersPromisesOf(process),
    util: () => ({
      ...util,
      parseArgs: (config: object = {}) => util.parseArgs({ args: process.object.argv.slice(2), ...config }),
    }),
    v8: () => ({ ...withRefusals('v8'), getHeapStatistics: () => heap, getHeapSpaceStatistics: () => [] }),
    vm: () => vmOf(process),
    worker_threads: () => workerThreadsOf(process),
    zlib: () => zlibOf(process),
  };
  return (name) => {
    let found = made.get(name);
    if (found === undefined) {
      found =
        makers[name]?.() ?? (shared.has(name) ? (require(`node:${name}`) as object) : withRefusals(name));
      made.set(name, found);
    }
    return found;
  };
}

const heap = { ...v8.getHeapStatistics() };

function withRefusals(name: string): object {
  const refused = refusedCalls[name];
  if (refused === undefined) throw new NotSimulated(`module node:${name}`);
  const real = require(`node:${name}`) as Record<string, unknown>;
  const refusals = refused.map((call) => {
    const refuse = (): never => {
      throw new NotSimulated(`${name}.${call}`);
    };
    return [call, refuse] as const;
  });
  return { ...real, ...Object.fromEntries(refusals) };
}

const timerNames = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
];

function timersIn({ globals }: OwnProcess): Record<string, unknown> {
  return Object.fromEntries(timerNames.map((name) => [name, globals[name]]));
}

function osOf(): object {
  const cpu = { model: 'simulated', speed: 1_000, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } };
  const memoryBytes = 8 * 1_024 ** 3;
  return {
    ...os,
    cpus: () => [cpu],
    availableParallelism: () => 1,
    freemem: () => memoryBytes / 2,
    totalmem: () => memoryBytes,
    loadavg: () => [0, 0, 0],
    hostname: () => 'simulated',
    uptime: () => 1,
    networkInterfaces: () => ({}),
  };
}

const localAddresses: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '0.0.0.0', '::1', '']);

function dnsOf(process: OwnProcess) {
  const found = { address: '127.0.0.1', family: 4 };
  const fail = (host: string): Error =>
    Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: host,
    });
  const lookup = (host: string, ...rest: unknown[]): void => {
    const done = rest.at(-1) as (error: Error | null, ...found: unknown[]) => void;
    const all = (rest[0] as { all?: boolean } | undefined)?.all === true;
    process.hold();
    process.nextEvent(() => {
      process.release();
      if (!localAddresses.has(host)) done(fail(host));
      else if (all) done(null, [found]);
      else done(null, found.address, found.family);
    });
  };
  const promises = {
    lookup: (host: string, options?: { all?: boolean }) =>
      new Promise((resolve, reject) => {
        lookup(host, { all: true }, (error: Error | null, list: unknown[]) => {
          if (error !== null) reject(error);
          else resolve(options?.all === true ? list : list[0]);
        });
      }),
  };
  return { ...dns, lookup, promises };
}

function moduleOf(process: OwnProcess): object {
  const { modules } = process;
  return {
    ...module,
    createRequire: (from: string | URL) => {
      const given = String(from);
      return modules.requireFrom(given.startsWith('file:') ? fileURLToPath(withoutSearch(given)) : given);
    },
    registerHooks: (hook: LoadHook) => {
      modules.hooks.push(hook);
      return { deregister: () => void modules.hooks.splice(modules.hooks.indexOf(hook), 1) };
    },
    // Imported names of a module of Node are read from it each time.
    syncBuiltinESMExports: () => undefined,
    enableCompileCache: () => undefined,
    register: () => {
      throw new NotSimulated('module.register, whose hooks run in a thread');
    },
    findPackageJSON: (specifier: string) => dirname(specifier),
  };
}

function withoutSearch(url: string): URL {
  const plain = new URL(url);
  plain.search = '';
  return plain;
}

/** A realm made by the program has a clock and a `Math.random` of its own, which are to be those of the process. */
function vmOf({ globals }: OwnProcess): object {
  const prepare = new vm.Script(`(nowMs, random) => {
    const Real = Date;
    Date = class Date extends Real {
      constructor(...args) { if (args.length === 0) super(nowMs()); else super(...args); }
      static now() { return nowMs(); }
    };
    // A function of this realm: what freezes the realm is not to reach ours through it.
    Math.random = () => random();
  }`);
  const { now } = globals['Date'] as DateConstructor;
  const { random } = globals['Math'] as Math;
  return {
    ...vm,
    createContext: (...args: Parameters<typeof vm.createContext>) => {
      const context = vm.createContext(...args);
      const fit = prepare.runInContext(context) as (nowMs: () => number, random: () => number) => void;
      fit(
        () => now(),
        () => random(),
      );
      return context;
    },
  };
}

/** What Node does in threads is done at once. */
function zlibOf(process: OwnProcess): object {
  const real = zlib as unknown as Record<string, unknown>;
  const calls = Object.keys(real).filter((name) => `${name}Sync` in real);
  const own = calls.map((name) => {
    const run = (...args: unknown[]): void => {
      const done = args.at(-1) as (error: Error | null, result?: unknown) => void;
      const value: unknown = (real[`${name}Sync`] as (...args: unknown[]) => unknown)(...args.slice(0, -1));
      process.nextEvent(() => done(null, value));
    };
    return [name, run] as const;
  });
  const streams = Object.keys(real).filter((name) => /^create[A-Z]/.test(name));
  const refused = streams.map((name) => {
    const refuse = (): never => {
      throw new NotSimulated(`zlib.${name}, whose work is done in threads`);
    };
    return [name, refuse] as const;
  });
  return { ...real, ...Object.fromEntries([...own, ...refused]) };
}
