/** How a Redis (or Valkey) server is run: on loopback only, without any configuration of the machine. */
import type { PartLaunch } from './part-server.ts';
import type { Program } from './programs.ts';

/**
 * Data survive a kill, as those of a Redis in production would: each write is in the append-only file, handed to the
 * operating system before it is acknowledged.
 */
export function redisLaunch(program: Program): PartLaunch {
  return {
    part: 'redis',
    command: (port, dataFolder) => ({
      command: program.command,
      args: [
        ...program.args,
        ...pairs({
          '--port': String(port),
          '--bind': '127.0.0.1',
          '--protected-mode': 'yes',
          '--dir': dataFolder,
          '--save': '',
          '--appendonly': 'yes',
          '--appendfsync': 'everysec',
          '--daemonize': 'no',
          ...(canKeepTitle(program.version) ? { '--set-proc-title': 'no' } : {}),
        }),
      ],
      env: program.environment,
      ready: { kind: 'line', matches: (line) => /ready to accept connections/i.test(line) },
    }),
  };
}

function pairs(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).flat();
}

/**
 * A changed title overwrites the environment by which the reaper finds the process. Before 6.2 that cannot be turned off,
 * and the reaper has to go by the process group alone.
 */
function canKeepTitle(version = '0.0'): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 2);
}
