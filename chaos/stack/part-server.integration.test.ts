import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { MissingPartError } from '../errors.ts';
import { type TemporaryFolder, temporaryFolder } from '../process/temporary-folder.ts';
import { processesOfRun } from '../process/testing/living-processes.ts';
import { startReaper, type Reaper } from '../process/reaper.ts';
import type { UnexpectedExit } from './contract.ts';
import { type PartLaunch, PartServer } from './part-server.ts';
import { chooseRedis, chooseToxiproxy } from './programs.ts';
import { redisLaunch } from './redis-launch.ts';
import { toxiproxyLaunch } from './toxiproxy-launch.ts';

const choice = chooseRedis(process.env);
if (!choice.found) throw new MissingPartError(choice.reason, choice.remedy);
const redis = redisLaunch(choice.program);
const embedded = chooseToxiproxy({ REDCLIFF_TOXIPROXY: 'embedded' });
if (!embedded.found) throw new MissingPartError(embedded.reason, embedded.remedy);
const toxiproxy = toxiproxyLaunch(embedded.program, 'part');

describe('PartServer', () => {
  let reaper: Reaper;
  let folder: TemporaryFolder;
  let exits: UnexpectedExit[];
  beforeEach(async () => {
    reaper = await startReaper();
    folder = await temporaryFolder(reaper, 'part');
    exits = [];
  });
  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    // Throws when a server was left behind.
    await reaper[Symbol.asyncDispose]();
  });

  const logFile = () => path.join(folder.path, 'part.log');
  const start = (launch: PartLaunch) =>
    PartServer.start({
      launch,
      dataFolder: path.join(folder.path, 'data'),
      logFile: logFile(),
      reaper,
      clock: systemClock,
      signal: AbortSignal.timeout(30_000),
      onUnexpectedExit: (exit) => exits.push(exit),
    });

  it('runs one whose environment still tells the run it belongs to', async () => {
    await using server = await start(redis);
    expect(server.port).toBeGreaterThan(0);
    expect(processesOfRun(reaper.runId)).toHaveLength(1);
  });

  it.each([
    ['redis', redis],
    ['toxiproxy', toxiproxy],
  ])(
    'gives %s another port when the one chosen was taken in the meantime, and logs it',
    async (_, launch) => {
      await using first = await start(launch);
      let attempts = 0;
      const unlucky: PartLaunch = {
        ...launch,
        command: (port, dataFolder) => {
          attempts += 1;
          return launch.command(attempts === 1 ? first.port : port, dataFolder);
        },
      };
      await using second = await start(unlucky);
      expect(second.port).not.toBe(first.port);
      expect(attempts).toBe(2);
      expect(readFileSync(logFile(), 'utf8')).toMatch(/redcliff: port \d+ was taken in the meantime/);
    },
  );

  it('does not try again for any other reason', async () => {
    let attempts = 0;
    const broken: PartLaunch = {
      ...redis,
      command: (port, dataFolder) => {
        attempts += 1;
        const command = redis.command(port, dataFolder);
        return { ...command, args: [...command.args, '--no-such-option', 'x'] };
      },
    };
    await expect(start(broken)).rejects.toMatchObject({ code: 'process_not_ready' });
    expect(attempts).toBe(1);
  });

  it('comes back on the same port, time and again', async () => {
    await using server = await start(redis);
    for (let round = 0; round < 3; round += 1) {
      await server.kill();
      await server.restart(false);
    }
    const client = new Redis(server.port, '127.0.0.1', { lazyConnect: true, retryStrategy: null });
    await client.connect();
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
    expect(exits).toEqual([]);
  });

  it('reports an unexpected end, with the end of its log', async () => {
    await using server = await start(redis);
    const client = new Redis(server.port, '127.0.0.1', { lazyConnect: true, retryStrategy: null });
    client.on('error', () => undefined);
    await client.connect();
    await client.shutdown('NOSAVE').catch(() => undefined);
    await expect.poll(() => exits).toHaveLength(1);
    expect(exits[0]).toMatchObject({
      part: 'redis',
      detail: expect.stringMatching(/^ended with status 0; .*bye bye/),
    });
    client.disconnect();
  });
});
