/**
 * The frame of every daemon process: configuration, the system, a heartbeat, a loop of rounds, and a clean stop on SIGTERM or
 * SIGINT that lets the round under way finish or hand back its work.
 */
import { loadConfig } from '../config/load.ts';
import { describeError } from '../errors.ts';
import { openSystem, type System, waitForDatabase } from '../system.ts';
import { beat, signOff } from './heartbeat.ts';

interface Daemon {
  readonly name: string;
  /** Makes the daemon ready; what it returns is called over and over. A round resolves to true when there may be more to do at once. */
  readonly start: (system: System, stopping: AbortSignal) => Promise<DaemonWork>;
}

interface DaemonWork extends AsyncDisposable {
  round(): Promise<boolean>;
}

const heartbeatMs = 1_000;
const configurationExitCode = 64;

/** Runs until a signal stops it; sets the exit status of the process. */
export async function runDaemon(daemon: Daemon): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error('stopped by a signal'));
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  try {
    const config = loadConfig(process.env);
    await using system = openSystem({ config, name: daemon.name });
    await waitForDatabase(system, stop.signal);
    await using work = await daemon.start(system, stop.signal);
    const heart = keepBeating(system, daemon.name, stop.signal);
    system.logger.info({ processId: system.processId }, 'ready');
    await repeat(system, work, stop.signal);
    await heart;
    await signOff(system.redis, daemon.name, config.INSTANCE_ID).catch(() => undefined);
    system.logger.info('stopped');
  } catch (error) {
    if (stop.signal.aborted) return;
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode =
      error instanceof Error && error.name === 'ConfigurationError' ? configurationExitCode : 1;
  }
}

async function repeat(system: System, work: DaemonWork, stopping: AbortSignal): Promise<void> {
  let failures = 0;
  while (!stopping.aborted) {
    let more = false;
    try {
      more = await work.round();
      failures = 0;
    } catch (error) {
      failures += 1;
      const level = failures === 1 ? 'warn' : 'debug';
      system.logger[level]({ error: describeError(error), failures }, 'round failed');
    }
    if (!more) await system.clock.sleep(system.config.DAEMON_TICK_MS, stopping).catch(() => undefined);
  }
}

async function keepBeating(system: System, name: string, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await system.breaker
      .run(() => beat(system.redis, system.clock, name, system.config.INSTANCE_ID))
      .catch(() => undefined);
    await system.clock.sleep(heartbeatMs, stopping).catch(() => undefined);
  }
}
