/**
 * `node system/ops/auto-restart/main.ts`: every minute, restarts watched processes that log too many errors or have
 * grown too large.
 */
import { open } from 'node:fs/promises';
import { systemClock } from '../../clock.ts';
import { type Config, ConfigurationError, loadConfig } from '../../config/load.ts';
import { describeError } from '../../errors.ts';
import { createLogger, type Logger } from '../../observability/logger.ts';
import { createPm2, type ManagedProcess, type ProcessManager } from '../process-manager.ts';
import { reasonToRestart } from './judge-process.ts';

const configurationExitCode = 64;
const minuteMs = 60_000;
const tailBytes = 2 ** 20;

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new Error('stopped by a signal')));
process.once('SIGINT', () => stop.abort(new Error('stopped by a signal')));

try {
  const config = loadConfig(process.env);
  const logger = createLogger({
    level: config.LOG_LEVEL,
    name: 'auto-restart',
    instance: config.INSTANCE_ID,
  });
  logger.info('ready');
  await watch(config, createPm2(config.PM2_COMMAND), logger);
  logger.info('stopped');
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = configurationExitCode;
}

async function watch(config: Config, pm2: ProcessManager, logger: Logger): Promise<void> {
  const names: ReadonlySet<string> = new Set(config.AUTO_RESTART_PROCESSES);
  /** When each process was restarted last, so that errors before the restart do not count. */
  const restartedAtMs = new Map<number, number>();
  while (!stop.signal.aborted) {
    try {
      // A process that an operator has stopped stays stopped, and other programs under the same PM2 are ignored.
      const own = (await pm2.list()).filter(({ name, status }) => names.has(name) && status === 'online');
      for (const process of own) await look(config, pm2, logger, process, restartedAtMs);
    } catch (error) {
      logger.error({ error: describeError(error) }, 'PM2 does not answer');
    }
    await systemClock.sleep(config.AUTO_RESTART_PERIOD_MS, stop.signal).catch(() => undefined);
  }
}

async function look(
  config: Config,
  pm2: ProcessManager,
  logger: Logger,
  { id, name, memoryBytes, logFiles }: ManagedProcess,
  restartedAtMs: Map<number, number>,
): Promise<void> {
  const logLines = (await Promise.all(logFiles.map(readTail))).flat();
  const sinceMs = Math.max(systemClock.nowMs() - minuteMs, restartedAtMs.get(id) ?? 0);
  const limits = {
    errors: config.AUTO_RESTART_ERRORS,
    memoryBytes: config.AUTO_RESTART_MEMORY_MEBIBYTES * 2 ** 20,
  };
  const reason = reasonToRestart({ memoryBytes, logLines, sinceMs }, limits);
  if (reason === undefined) return;
  restartedAtMs.set(id, systemClock.nowMs());
  logger.warn({ process: name, id, reason }, 'restarting');
  try {
    await pm2.restart(id);
  } catch (error) {
    logger.error({ process: name, id, error: describeError(error) }, 'could not be restarted');
  }
}

/** The last lines of a log, at most a mebibyte of them; none when there is no such file. */
async function readTail(file: string): Promise<readonly string[]> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await handle.read({ buffer: Buffer.alloc(length), position: size - length });
    return buffer.toString('utf8').split('\n');
  } catch {
    return [];
  }
}
