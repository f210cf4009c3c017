/**
 * The globals of k6 scripts. They are the same objects for all VUs and ask the calling context whose they are. What
 * Node has and k6 has not is taken away, so that a script which needs it fails here as it would there.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { currentContext, callingContext } from '../engine/script-context.ts';
import type { RunState } from '../engine/run-state.ts';
import { drawMathRandomFrom } from '../random.ts';
import { createConsole } from './console.ts';
import { timersModule } from './timers.ts';

const absentInK6 = [
  'AbortController',
  'AbortSignal',
  'Atomics',
  'Blob',
  'BroadcastChannel',
  'Buffer',
  'CompressionStream',
  'DecompressionStream',
  'Event',
  'EventSource',
  'EventTarget',
  'File',
  'FormData',
  'Headers',
  'Intl',
  'MessageChannel',
  'Navigator',
  'ReadableStream',
  'Request',
  'Response',
  'SharedArrayBuffer',
  'URL',
  'URLSearchParams',
  'WeakRef',
  'WebSocket',
  'Worker',
  'WritableStream',
  'atob',
  'btoa',
  'clearImmediate',
  'fetch',
  'global',
  'navigator',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'structuredClone',
] as const;

/** To be called once, when all modules of the runtime are loaded, and before the first script. */
export function installGlobals(run: RunState, scriptPath: string): void {
  drawMathRandomFrom(() => currentContext()?.vu.random);
  for (const name of absentInK6) Reflect.deleteProperty(globalThis, name);
  const { clearInterval, clearTimeout, setInterval, setTimeout } = timersModule;
  defineGlobals({ clearInterval, clearTimeout, console: createConsole(run.log), setInterval, setTimeout });
  defineGlobals({ open: (path: unknown, mode: unknown) => openFile(path, mode, scriptPath) });
  Object.defineProperties(globalThis, {
    __ENV: { configurable: true, get: () => currentContext()?.vu.environment ?? run.environment },
    __ITER: { configurable: true, get: () => currentContext()?.vu.iteration },
    __VU: { configurable: true, get: () => currentContext()?.vu.id ?? 0 },
  });
}

function defineGlobals(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { configurable: true, value, writable: true });
  }
}

/** Relative to the entry script, as in k6 before its change of 2025; `b` gives bytes. */
function openFile(path: unknown, mode: unknown, scriptPath: string): ArrayBuffer | string {
  const context = callingContext('open()');
  if (context.phase !== 'init') {
    throw new Error('the "open" function is only available in the init stage (i.e. the global scope)');
  }
  const text = String(path);
  const absolute = text.startsWith('file://') ? fileURLToPath(text) : resolve(scriptPath, '..', text);
  const bytes = readFileSync(absolute);
  return mode === 'b' ? Uint8Array.from(bytes).buffer : bytes.toString('utf8');
}
