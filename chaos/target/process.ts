/** One supervised process of the target: it can be killed, paused and started again with the same name and port. */
import { join, resolve } from 'node:path';
import type { TargetProcess } from '../api/context.ts';
import type { GivenAddresses, ProcessRole, ReadyWhen } from '../api/target.ts';
import type { Readiness } from '../process/readiness.ts';
import { describeExit, type RunningProcess, spawnSupervised } from '../process/supervised-process.ts';
import type { TargetHost } from './host.ts';

export interface ProcessOptions {
  readonly name: string;
  readonly roleName: string;
  readonly role: ProcessRole;
  /** Folder of the target. */
  readonly folder: string;
  /** Null for a role without a port. */
  readonly port: number | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly host: TargetHost;
  onUnexpectedExit(description: string): void;
}

const loopback = '127.0.0.1';
const readyWithinMsDefault = 20_000;
const stopWithinMsDefault = 5_000;
const probeDeadlineMs = 1_000;

export function targetProcess(options: ProcessOptions): TargetProcess {
  const { name, roleName, role, host, port, environment } = options;
  const logFile = join(host.logFolder, `${name}.log`);
  let current: RunningProcess | null = null;
  const leave = (): RunningProcess | null => {
    const leaving = current;
    current = null;
    return leaving;
  };
  return {
    name,
    role: roleName,
    url: port === null ? null : `http://${loopback}:${port}`,
    logFile,
    running: () => current !== null,
    start: async ({ nodeOptions = [] } = {}) => {
      const [program, ...args] = role.command;
      const allNodeOptions = [...host.nodeOptions, ...nodeOptions];
      current = await spawnSupervised({
        name,
        command: program === 'node' ? process.execPath : program,
        args,
        cwd: resolve(options.folder, role.cwd ?? '.'),
        env: {
          ...environment,
          ...(port === null || role.port === undefined ? {} : { [role.port]: String(port) }),
          ...(allNodeOptions.length === 0 ? {} : { NODE_OPTIONS: allNodeOptions.join(' ') }),
        },
        logFile,
        ready: readiness(role.ready ?? (port === null ? { started: true } : { port: true }), port),
        readyDeadlineMs: role.readyWithinMs ?? readyWithinMsDefault,
        stopGraceMs: role.stopWithinMs ?? stopWithinMsDefault,
        signal: host.signal,
        reaper: host.reaper,
        clock: host.clock,
        onUnexpectedExit: (exit) => {
          current = null;
          options.onUnexpectedExit(`${name} ended by itself with ${describeExit(exit)}`);
        },
      });
    },
    pause: () => current?.pause(),
    resume: () => current?.resume(),
    signal: (signal) => current?.signal(signal),
    kill: async () => void (await leave()?.kill()),
    stop: async () => void (await leave()?.stop()),
  };
}

export function readiness(ready: ReadyWhen, port: number | null): Readiness {
  if ('log' in ready) return { kind: 'line', matches: (line) => ready.log.test(line) };
  if ('started' in ready) return { kind: 'started' };
  if (port === null) return { kind: 'started' };
  if ('port' in ready) return { kind: 'tcp', host: loopback, port };
  const url = `http://${loopback}:${port}${ready.http}`;
  return {
    kind: 'probe',
    probe: async (signal) => {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(probeDeadlineMs)]);
      const response = await fetch(url, { signal: deadline });
      await response.arrayBuffer();
      return response.ok;
    },
  };
}

/** Environment of one process: the target's settings, those of the run, what depends on the addresses, and its role's own. */
export function environmentOf(
  role: ProcessRole,
  given: GivenAddresses,
  settings: Readonly<Record<string, string>>,
  env: (given: GivenAddresses) => Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...settings, ...env(given), ...role.env };
}
