/**
 * Checks an installation, for use with cron: each part is checked, a broken one is repaired once, and an alert is sent. Which
 * repair follows is decided here; checks and repairs themselves are injected.
 */
import type { Clock } from '../../clock.ts';
import { describeError } from '../../errors.ts';
import type { Alerts } from '../alerts.ts';
import { processNames } from '../../config/variables.ts';
import type { ManagedProcess } from '../process-manager.ts';

export interface Surroundings {
  pingRedis(): Promise<boolean>;
  /** Undefined when no command is configured. */
  readonly restartRedis: (() => Promise<void>) | undefined;
  pingMongo(): Promise<boolean>;
  listProcesses(): Promise<readonly ManagedProcess[]>;
  restartProcess(name: string): Promise<void>;
  /** True when GET /api/health is answered with 200. */
  askApi(): Promise<boolean>;
  /** What is wrong with locks that are held longer than usual, a sentence for each. */
  findLongLocks(): Promise<readonly string[]>;
}

/** `repaired` was broken and works again. A `warning` leaves it to an operator. */
export type Finding = 'broken' | 'repaired' | 'warning' | 'well';

export interface CheckResult {
  readonly part: string;
  readonly finding: Finding;
}

export const daemonNames: readonly string[] = processNames.filter((name) => name !== 'api');

const redisCheckAfterMs = 3_000;
const daemonCheckAfterMs = 3_000;
const apiCheckAfterMs = 5_000;

export async function checkHealth(
  surroundings: Surroundings,
  alerts: Alerts,
  clock: Clock,
): Promise<readonly CheckResult[]> {
  const redis = await checkRedis(surroundings, alerts, clock);
  const mongo = await checkMongo(surroundings, alerts);
  const daemons = await checkDaemons(surroundings, alerts, clock);
  const api = await checkApi(surroundings, alerts, clock, mongo.finding === 'well');
  const locks = redis.finding === 'broken' ? [] : [await checkLocks(surroundings, alerts)];
  return [redis, mongo, ...daemons, api, ...locks];
}

/** 0: all well. 1: something was repaired, or an operator should check it. 2: something is broken. */
export function exitStatus(results: readonly CheckResult[]): 0 | 1 | 2 {
  if (results.some(({ finding }) => finding === 'broken')) return 2;
  return results.every(({ finding }) => finding === 'well') ? 0 : 1;
}

async function checkRedis(surroundings: Surroundings, alerts: Alerts, clock: Clock): Promise<CheckResult> {
  if (await isTrue(surroundings.pingRedis())) return { part: 'redis', finding: 'well' };
  if (surroundings.restartRedis === undefined) return await broken(alerts, 'redis', 'Redis does not answer');
  return await repair(alerts, clock, {
    part: 'redis',
    act: surroundings.restartRedis,
    checkAfterMs: redisCheckAfterMs,
    isWell: () => surroundings.pingRedis(),
  });
}

async function checkMongo(surroundings: Surroundings, alerts: Alerts): Promise<CheckResult> {
  if (await isTrue(surroundings.pingMongo())) return { part: 'mongo', finding: 'well' };
  return await broken(alerts, 'mongo', 'MongoDB does not answer');
}

async function checkDaemons(
  surroundings: Surroundings,
  alerts: Alerts,
  clock: Clock,
): Promise<readonly CheckResult[]> {
  let first: readonly ManagedProcess[];
  try {
    // Once for all daemons: every question starts a program of its own.
    first = await surroundings.listProcesses();
  } catch (error) {
    return [await broken(alerts, 'pm2', `PM2 does not answer: ${describeError(error)}`)];
  }
  return await Promise.all(
    daemonNames.map(async (name): Promise<CheckResult> => {
      if (isOnline(first, name)) return { part: name, finding: 'well' };
      const act = () => surroundings.restartProcess(name);
      return await repair(alerts, clock, {
        part: name,
        act,
        checkAfterMs: daemonCheckAfterMs,
        isWell: async () => isOnline(await surroundings.listProcesses(), name),
      });
    }),
  );
}

function isOnline(processes: readonly ManagedProcess[], name: string): boolean {
  const named = processes.filter((process) => process.name === name);
  return named.length > 0 && named.every(({ status }) => status === 'online');
}

async function checkApi(
  surroundings: Surroundings,
  alerts: Alerts,
  clock: Clock,
  mongoIsWell: boolean,
): Promise<CheckResult> {
  if (await isTrue(surroundings.askApi())) return { part: 'api', finding: 'well' };
  // An API without a database says that it can not serve; restarting it would not bring the database back.
  if (!mongoIsWell) return await broken(alerts, 'api', 'the API can not serve while MongoDB is away');
  return await repair(alerts, clock, {
    part: 'api',
    act: () => surroundings.restartProcess('api'),
    checkAfterMs: apiCheckAfterMs,
    isWell: () => surroundings.askApi(),
  });
}

/** Only told: a long lock may be held by long work, and its holder cannot be seen from here. */
async function checkLocks(surroundings: Surroundings, alerts: Alerts): Promise<CheckResult> {
  let locks: readonly string[];
  try {
    locks = await surroundings.findLongLocks();
  } catch (error) {
    return await broken(alerts, 'locks', `the locks can not be listed: ${describeError(error)}`);
  }
  if (locks.length === 0) return { part: 'locks', finding: 'well' };
  for (const text of locks) await alerts.send(text);
  return { part: 'locks', finding: 'warning' };
}

interface Repair {
  readonly part: string;
  readonly act: () => Promise<void>;
  readonly checkAfterMs: number;
  readonly isWell: () => Promise<boolean>;
}

/** Once: what a restart does not mend, a second one would not either. */
async function repair(
  alerts: Alerts,
  clock: Clock,
  { part, act, checkAfterMs, isWell }: Repair,
): Promise<CheckResult> {
  try {
    await act();
  } catch (error) {
    return await broken(alerts, part, `${part} is down and could not be restarted: ${describeError(error)}`);
  }
  await clock.sleep(checkAfterMs);
  if (!(await isTrue(isWell()))) return await broken(alerts, part, `${part} is down, also after a restart`);
  await alerts.send(`${part} was down and has been restarted`);
  return { part, finding: 'repaired' };
}

async function broken(alerts: Alerts, part: string, text: string): Promise<CheckResult> {
  await alerts.send(text);
  return { part, finding: 'broken' };
}

async function isTrue(check: Promise<boolean>): Promise<boolean> {
  try {
    return await check;
  } catch {
    return false;
  }
}
