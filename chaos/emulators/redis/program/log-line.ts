/** Lines of the log as redis-server writes them, which those who start it read. */
import type { LogLevel } from '../engine/server-state.ts';

const signs: Readonly<Record<LogLevel, string>> = { debug: '.', verbose: '-', notice: '*', warning: '#' };
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `1234:M 01 Jan 2024 12:00:00.000 * Ready to accept connections`, in UTC. */
export function logLine(processId: number, nowMs: number, level: LogLevel, text: string): string {
  const date = new Date(nowMs);
  const day = String(date.getUTCDate()).padStart(2, '0');
  const time = date.toISOString().slice(11, 23);
  const month = months[date.getUTCMonth()];
  return `${processId}:M ${day} ${month} ${date.getUTCFullYear()} ${time} ${signs[level]} ${text}\n`;
}
