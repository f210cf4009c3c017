/** How a Toxiproxy server, real or embedded, is run. */
import { Toxiproxy } from 'toxiproxy-node-client';
import type { PartLaunch } from './part-server.ts';
import type { Program } from './programs.ts';
import { isReadyLine } from './ready-line.ts';

export function toxiproxyLaunch(program: Program, seed: string): PartLaunch {
  return {
    part: 'toxiproxy',
    command: (port) => ({
      command: program.command,
      args: [
        ...program.args,
        ...(program.kind === 'real'
          ? ['-host', '127.0.0.1', '-port', String(port)]
          : ['--host', '127.0.0.1', '--port', String(port), '--seed', seed]),
      ],
      env: program.environment,
      ready:
        program.kind === 'real'
          ? {
              kind: 'probe',
              probe: async () => (await new Toxiproxy(toxiproxyUrl(port)).getVersion()) !== '',
            }
          : { kind: 'line', matches: isReadyLine },
    }),
  };
}

export function toxiproxyUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
