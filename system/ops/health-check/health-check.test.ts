import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { checkHealth, type CheckResult, daemonNames, exitStatus, type Surroundings } from './health-check.ts';

interface Scene {
  readonly surroundings: Surroundings;
  readonly alerts: string[];
  readonly repairs: string[];
}

/** All is well, except for what a test says. */
function scene(changes: Partial<Surroundings> = {}): Scene {
  const alerts: string[] = [];
  const repairs: string[] = [];
  const online = daemonNames.map((name, id) => ({
    id,
    name,
    status: 'online',
    memoryBytes: 0,
    logFiles: [],
  }));
  const surroundings: Surroundings = {
    pingRedis: () => Promise.resolve(true),
    restartRedis: undefined,
    pingMongo: () => Promise.resolve(true),
    listProcesses: () => Promise.resolve(online),
    restartProcess: (name) => Promise.resolve(void repairs.push(name)),
    askApi: () => Promise.resolve(true),
    findLongLocks: () => Promise.resolve([]),
    ...changes,
  };
  return { surroundings, alerts, repairs };
}

async function check({ surroundings, alerts }: Scene): Promise<readonly CheckResult[]> {
  const clock = new ManualClock();
  const checking = checkHealth(
    surroundings,
    { send: (text) => Promise.resolve(void alerts.push(text)) },
    clock,
  );
  let results: readonly CheckResult[] | undefined;
  void checking.then((value) => {
    results = value;
  });
  for (let second = 0; results === undefined && second < 60; second += 1) await clock.advance(1_000);
  return await checking;
}

const findings = (results: readonly CheckResult[]) =>
  results.filter(({ finding }) => finding !== 'well').map(({ part, finding }) => `${part} ${finding}`);

/** False until `after` calls were made. */
function wellAfter(after: number): () => Promise<boolean> {
  let calls = 0;
  return () => Promise.resolve((calls += 1) > after);
}

describe('checkHealth', () => {
  it('finds nothing and does nothing when all is well', async () => {
    const all = scene();
    const results = await check(all);
    expect(findings(results)).toEqual([]);
    expect(all.alerts).toEqual([]);
    expect(exitStatus(results)).toBe(0);
  });

  it('tries to restart Redis once, by the command there is, and says what came of it', async () => {
    let commands = 0;
    const restartRedis = () => Promise.resolve(void (commands += 1));
    const repaired = scene({ pingRedis: wellAfter(1), restartRedis });
    const results = await check(repaired);
    expect(findings(results)).toEqual(['redis repaired']);
    expect(repaired.alerts).toEqual(['redis was down and has been restarted']);
    expect(exitStatus(results)).toBe(1);
    const broken = scene({ pingRedis: () => Promise.resolve(false), restartRedis });
    expect(exitStatus(await check(broken))).toBe(2);
    expect(commands).toBe(2);
  });

  it('only alerts of Redis without a command, and restarts no daemon for its sake', async () => {
    const down = scene({ pingRedis: () => Promise.reject(new Error('refused')) });
    const results = await check(down);
    expect(findings(results)).toEqual(['redis broken']);
    expect(down.repairs).toEqual([]);
  });

  it('restarts a daemon that is not online, and checks again', async () => {
    const stopped = daemonNames.map((name, id) => ({
      id,
      name,
      status: 'online',
      memoryBytes: 0,
      logFiles: [],
    }));
    const down = scene({
      listProcesses: () =>
        Promise.resolve(stopped.map((one) => (one.name === 'db-sync' ? { ...one, status: 'errored' } : one))),
    });
    expect(findings(await check(down))).toEqual(['db-sync broken']);
    expect(down.repairs).toEqual(['db-sync']);
    expect(down.alerts).toEqual(['db-sync is down, also after a restart']);
  });

  it('restarts an API that does not serve, but not for the want of MongoDB', async () => {
    const hung = scene({ askApi: wellAfter(1) });
    expect(findings(await check(hung))).toEqual(['api repaired']);
    expect(hung.repairs).toEqual(['api']);
    const noMongo = scene({ askApi: () => Promise.resolve(false), pingMongo: () => Promise.resolve(false) });
    expect(findings(await check(noMongo))).toEqual(['mongo broken', 'api broken']);
    expect(noMongo.repairs).toEqual([]);
  });

  it('goes on with the other parts when PM2 does not answer or a restart fails', async () => {
    const noPm2 = scene({
      listProcesses: () => Promise.reject(new Error('no pm2')),
      restartProcess: () => Promise.reject(new Error('no pm2')),
      askApi: () => Promise.resolve(false),
    });
    expect(findings(await check(noPm2))).toEqual(['pm2 broken', 'api broken']);
    expect(noPm2.alerts).toHaveLength(2);
  });

  it('tells of long locks and leaves them alone', async () => {
    const text = 'lock session:lock:s1:turn has been held for 550 s, 50 s are left';
    const long = scene({ findLongLocks: () => Promise.resolve([text]) });
    const results = await check(long);
    expect(findings(results)).toEqual(['locks warning']);
    expect(long.alerts).toEqual([text]);
    expect(exitStatus(results)).toBe(1);
  });
});
