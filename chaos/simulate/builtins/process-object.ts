/** `process` of one simulated process. */
import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import type { OwnProcess, ProcessObject } from '../programs/own-process.ts';
import { NotSimulated } from '../errors.ts';
import { nsPerMs } from '../world/scheduler.ts';

const nsPerSecond = 1_000_000_000;
/** Of a small Node.js process. */
const memory = {
  rss: 83_886_080,
  heapTotal: 41_943_040,
  heapUsed: 25_165_824,
  external: 4_194_304,
  arrayBuffers: 1_048_576,
};

export function makeProcessObject(simulated: OwnProcess): ProcessObject {
  const { machine, pid, program } = simulated;
  const { scheduler } = machine;
  const startedNs = scheduler.nowNs;
  const hrtime = Object.assign(
    (before?: [number, number]): [number, number] => {
      const nowNs = scheduler.readClockNs();
      const [seconds, ns] = [Math.floor(nowNs / nsPerSecond), nowNs % nsPerSecond];
      if (before === undefined) return [seconds, ns];
      const passed = seconds * nsPerSecond + ns - (before[0] * nsPerSecond + before[1]);
      return [Math.floor(passed / nsPerSecond), passed % nsPerSecond];
    },
    { bigint: () => BigInt(Math.floor(scheduler.readClockNs())) },
  );
  const output = (stream: 1 | 2): Writable => {
    const writable = new Writable({
      decodeStrings: true,
      write: (chunk: Buffer, _encoding, done) => {
        simulated.write(stream, chunk);
        done();
      },
    });
    return Object.assign(writable, { fd: stream, isTTY: false, _isStdio: true });
  };
  const own = {
    pid,
    ppid: 1,
    argv: [process.execPath, program.path, ...program.args],
    argv0: 'node',
    execArgv: [],
    title: 'node',
    env: { ...program.env },
    exitCode: undefined,
    connected: false,
    stdout: output(1),
    stderr: output(2),
    hrtime,
    cwd: () => simulated.cwd,
    chdir: () => {
      throw new NotSimulated('process.chdir');
    },
    uptime: () => (scheduler.readClockNs() - startedNs) / nsPerSecond,
    nextTick: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      simulated.nextTick(() => run(...args)),
    exit: (status?: number) => simulated.exitNow(Number(status ?? own.exitCode ?? 0)),
    reallyExit: (status?: number) => simulated.exitNow(Number(status ?? 0)),
    abort: () => simulated.exitNow(134),
    kill: (target: number, signal: NodeJS.Signals | 0 = 'SIGTERM') => kill(simulated, target, signal),
    memoryUsage: Object.assign(() => ({ ...memory }), { rss: () => memory.rss }),
    cpuUsage: () => ({ user: Math.floor(scheduler.nowNs / nsPerMs), system: 0 }),
    threadCpuUsage: () => ({ user: Math.floor(scheduler.nowNs / nsPerMs), system: 0 }),
    resourceUsage: () => ({ maxRSS: memory.rss / 1_024, userCPUTime: 0, systemCPUTime: 0 }),
    getActiveResourcesInfo: () => [],
    emitWarning: () => undefined,
    binding: () => {
      throw new NotSimulated('process.binding');
    },
  };
  const object = new EventEmitter();
  const passedOn = [
    'arch',
    'config',
    'features',
    'platform',
    'release',
    'version',
    'versions',
    'execPath',
  ] as const;
  for (const name of passedOn)
    Object.defineProperty(object, name, { value: process[name], enumerable: true });
  for (const name of ['getuid', 'getgid', 'geteuid', 'getegid', 'umask'] as const) {
    Object.defineProperty(object, name, { value: process[name], enumerable: true });
  }
  Object.defineProperty(object, 'stdin', {
    get: () => {
      throw new NotSimulated('standard input');
    },
  });
  // As its accessors are, so that `exitCode` stays one property.
  const described = Object.assign(object, own);
  own.exit = (status?: number) => simulated.exitNow(Number(status ?? described.exitCode ?? 0));
  described.exit = own.exit;
  return described as unknown as ProcessObject;
}

function kill(simulated: OwnProcess, target: number, signal: NodeJS.Signals | 0): true {
  const found = simulated.machine.find(Math.abs(target));
  if (found === undefined) {
    throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH', errno: -3, syscall: 'kill' });
  }
  if (signal !== 0) found.signal(signal);
  return true;
}
