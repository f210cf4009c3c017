/** One supervised process of the target: it can be killed, paused and started again with the same name and port. */
import { execFile } from 'node:child_process';
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
  /** Options of Node.js for this process, beside those of the host. */
  readonly nodeOptions: readonly string[];
  readonly host: TargetHost;
  onUnexpectedExit(description: string): void;
}

const loopback = '127.0.0.1';
const readyWithinMsDefault = 20_000;
const stopWithinMsDefault = 5_000;
/** A command that ends well before it is ready has usually left the work to another process. */
export const inForeground = 'a command has to stay in the foreground, not start another process and end';
const probeDeadlineMs = 1_000;
const commandDeadlineMs = 5_000;

export function targetProcess(options: ProcessOptions): TargetProcess {
  const { name, roleName, role, host, port, environment } = options;
  const logFile = join(host.logFolder, `${name}.log`);
  let current: RunningProcess | null = null;
  let restarting: AbortController | null = null;
  const leave = (): RunningProcess | null => {
    restarting?.abort();
    const leaving = current;
    current = null;
    return leaving;
  };
  const ended = (description: string): void => {
    current = null;
    options.onUnexpectedExit(description);
    const { restartAfterMs } = role;
    if (restartAfterMs === undefined) return;
    restarting = new AbortController();
    void host.clock
      .sleep(restartAfterMs, AbortSignal.any([restarting.signal, host.signal]))
      .then(() => self.start())
      .catch((error: unknown) => {
        const why = error instanceof Error ? error : new Error(String(error));
        // Stopped, or started by a fault, meanwhile.
        if (host.signal.aborted || why.name === 'AbortError') return;
        ended(`${name} could not be started again: ${why.message}`);
      });
  };
  const self: TargetProcess = {
    name,
    role: roleName,
    url: port === null ? null : `http://${loopback}:${port}`,
    logFile,
    running: () => current !== null,
    start: async ({ nodeOptions = [] } = {}) => {
      restarting?.abort();
      const starting = (restarting = new AbortController());
      const [program, ...args] = role.command;
      const allNodeOptions = [...host.nodeOptions, ...options.nodeOptions, ...nodeOptions];
      const processEnvironment = {
        ...environment,
        ...(port === null || role.port === undefined ? {} : { [role.port]: String(port) }),
        ...nodeOptionsWith(environment, allNodeOptions),
      };
      const ready = role.ready ?? (port === null ? { started: true } : { port: true });
      const cwd = resolve(options.folder, role.cwd ?? '.');
      current = await spawnSupervised({
        name,
        command: executable(program),
        args,
        cwd,
        env: processEnvironment,
        logFile,
        ready: readiness(ready, port, { cwd, env: processEnvironment }),
        endedEarly: inForeground,
        readyWhen: describeReady(ready, port, role.port),
        readyDeadlineMs: role.readyWithinMs ?? readyWithinMsDefault,
        stopGraceMs: role.stopWithinMs ?? stopWithinMsDefault,
        signal: AbortSignal.any([host.signal, starting.signal]),
        reaper: host.reaper,
        clock: host.clock,
        onUnexpectedExit: (exit) => ended(`${name} ended by itself with ${describeExit(exit)}`),
      });
    },
    pause: () => current?.pause(),
    resume: () => current?.resume(),
    signal: (signal) => current?.signal(signal),
    kill: async () => void (await leave()?.kill()),
    stop: async () => void (await leave()?.stop()),
  };
  return self;
}

/** Beside the options that the target, or the user who runs this, gives to Node.js. */
function nodeOptionsWith(
  environment: Readonly<Record<string, string>>,
  added: readonly string[],
): Readonly<Record<string, string>> {
  if (added.length === 0) return {};
  const own = environment['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS'] ?? '';
  return { NODE_OPTIONS: [...(own === '' ? [] : [own]), ...added].join(' ') };
}

/** The program of a command; `node` is the one that runs this. */
export function executable(program: string): string {
  return program === 'node' ? process.execPath : program;
}

/** `surroundings`: of the process, for a command that looks at it. */
export function readiness(
  ready: ReadyWhen,
  port: number | null,
  surroundings: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Readiness {
  if ('command' in ready) {
    const [program, ...args] = ready.command;
    return {
      kind: 'probe',
      probe: (signal) => succeeds(executable(program), args, surroundings, signal),
    };
  }
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

/** What is waited for, in words: an error message says it when it did not come. */
function describeReady(ready: ReadyWhen, port: number | null, variable: string | undefined): string {
  const given = `${loopback}:${port}, its address by ${variable}`;
  if ('command' in ready) return `${ready.command.join(' ')} did not end with status 0`;
  if ('log' in ready) return `no line of its log matches ${ready.log}`;
  if ('http' in ready) return `GET ${ready.http} was not answered with 2xx at ${given}`;
  return `nothing listens at ${given}`;
}

/** Whether the command ends with status 0 within its deadline. */
function succeeds(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<boolean> {
  const options = {
    cwd,
    env: { ...process.env, ...env },
    signal,
    timeout: commandDeadlineMs,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((settle) => {
    execFile(program, [...args], options, (error) => settle(error === null));
  });
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
