/** `console` of scripts: arguments joined by a blank, objects printed as k6 prints them. */
import { inspect } from 'node:util';
import { currentContext } from '../engine/script-context.ts';
import type { LogLevel, ScriptLog } from '../output/script-log.ts';

export function createConsole(log: ScriptLog): Readonly<Record<string, (...args: unknown[]) => void>> {
  const at =
    (level: LogLevel) =>
    (...args: unknown[]): void => {
      currentContext()?.assertRunning();
      const [only] = args;
      log.console(level, args.length === 1 && typeof only === 'string' ? only : args.map(printed).join(' '));
    };
  return {
    assert: (condition: unknown, ...args: unknown[]) => {
      if (!condition) at('error')('Assertion failed', ...args);
    },
    debug: at('debug'),
    error: at('error'),
    info: at('info'),
    log: at('info'),
    warn: at('warning'),
  };
}

function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true, depth: 6 });
}
