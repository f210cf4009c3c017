/** Runs one program to its end and returns what it said, so that the set-up shows its output only when it failed. */
import { spawnSync } from 'node:child_process';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, deadlineMs?: number }} [options]
 * @returns {{ ok: boolean, output: string, reason: string }} `output` is stdout followed by stderr; `reason` is empty
 *   when the program ended with status 0
 */
export function runCommand(command, args, options = {}) {
  const deadlineMs = options.deadlineMs ?? 10_000;
  const result = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  return { ok: result.status === 0, output, reason: reasonOf(command, result, deadlineMs) };
}

function reasonOf(command, result, deadlineMs) {
  if (result.status === 0) return '';
  if (result.error?.code === 'ENOENT') return `${command} is not installed`;
  if (result.error?.code === 'ETIMEDOUT') return `${command} took longer than ${deadlineMs / 1000} s`;
  if (result.error) return `${command} could not be run: ${result.error.message}`;
  return result.signal
    ? `${command} was ended by ${result.signal}`
    : `${command} exited with ${result.status}`;
}

/** The last lines of a program's output, indented, for an error message. */
export function lastLines(output, count = 12) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-count)
    .map((line) => `  | ${line}`)
    .join('\n');
}
