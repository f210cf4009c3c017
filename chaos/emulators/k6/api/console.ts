/** `console` of scripts: arguments joined by a blank, objects printed as k6 prints them. */
import type { LogLevel } from './host.ts';
import type { Kernel } from './kernel.ts';

export function createConsole(kernel: Kernel): object {
  const at =
    (level: LogLevel) =>
    (...args: unknown[]): void => {
      kernel.running();
      const [only] = args;
      const text = args.length === 1 && typeof only === 'string' ? only : args.map(shown).join(' ');
      kernel.host.tell.print(level, text, kernel.call === undefined);
    };
  return { debug: at('debug'), error: at('error'), info: at('info'), log: at('info'), warn: at('warning') };
}

/** What stands at the top is printed as text. */
function shown(value: unknown): string {
  if (typeof value === 'function') return functionText;
  if (typeof value === 'symbol') return value.description ?? '';
  if (typeof value !== 'object' || value === null) return plain(value);
  return inner(value, new Set());
}

const functionText = '[object Function]';

function plain(value: unknown): string {
  return typeof value === 'number' ? jsNumber(value) : String(value);
}

/** Inside of an object texts have quotes, and what is not there is null. */
function inner(value: unknown, around: Set<object>): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'function') return functionText;
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'symbol') return value.description ?? '';
  if (typeof value !== 'object') return plain(value);
  if (around.has(value)) return '[Circular]';
  around.add(value);
  const text = structure(value, around);
  around.delete(value);
  return text;
}

function structure(value: object, around: Set<object>): string {
  if (value instanceof Error) return String(value);
  const binary = binaryText(value);
  if (binary !== undefined) return binary;
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[ ${Array.from(value, (one) => inner(one, around)).join(', ')} ]`;
  }
  const keys = Object.keys(value);
  if (keys.length === 0)
    return value instanceof Date && !Number.isNaN(value.getTime()) ? `"${value.toISOString()}"` : '{}';
  const properties: Readonly<Record<string, unknown>> = { ...value };
  return `{ ${keys.map((key) => `${key}: ${inner(properties[key], around)}`).join(', ')} }`;
}

function binaryText(value: object): string | undefined {
  if (value instanceof ArrayBuffer) {
    const bytes = Array.from(new Uint8Array(value), (byte) => byte.toString(16).padStart(2, '0'));
    return `ArrayBuffer { [Uint8Contents]: <${bytes.join(' ')}>, byteLength: ${value.byteLength} }`;
  }
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return undefined;
  const elements: readonly (bigint | number)[] = Array.from(value as Uint8Array);
  const name = value instanceof Uint8ClampedArray ? 'Uint8Array' : value.constructor.name;
  const list = elements.length === 0 ? '[]' : `[ ${elements.map(String).join(', ')} ]`;
  return `${name}(${elements.length}) ${list}`;
}

/** Zero has no sign in Go's text. */
function jsNumber(value: number): string {
  return Object.is(value, -0) ? '0' : String(value);
}
