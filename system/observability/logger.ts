/** Logs are JSON lines on stdout, one object each, made by pino. */
import pino from 'pino';

export type Logger = pino.Logger;

export function createLogger(options: { level: string; name: string; instance: string }): Logger {
  return pino({
    level: options.level,
    base: { name: options.name, instance: options.instance, pid: process.pid },
  });
}
