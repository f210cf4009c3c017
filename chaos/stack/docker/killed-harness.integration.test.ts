import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MissingPartError } from '../../errors.ts';
import { dockerProvider } from './docker-provider.ts';
import { imageOf } from './images.ts';
import { stackRemains } from './testing/stack-remains.ts';

const availability = await dockerProvider({ pull: false }).probe();
/** Removing containers is work for the engine's disk. */
const patienceMs = 120_000;

describe.skipIf(!availability.available)(
  `with an engine (${availability.available ? 'one answers' : availability.reason})`,
  () => {
    it(
      'leaves no container and no network when the harness is killed',
      { timeout: 2 * patienceMs },
      async () => {
        const others = await stackRemains();
        const standIn = path.join(import.meta.dirname, 'testing', 'docker-stand-in.ts');
        const harness = spawn(process.execPath, [standIn], { stdio: ['ignore', 'pipe', 'inherit'] });
        const ended = once(harness, 'exit');
        await once(harness.stdout, 'data');
        const ours = async () => (await stackRemains()).filter((id) => !others.includes(id));
        expect(await ours()).toHaveLength(4);
        harness.kill('SIGKILL');
        await ended;
        await expect.poll(ours, { timeout: patienceMs, interval: 500 }).toEqual([]);
      },
    );

    it('names the image that is not available, and how to get it', async () => {
      const environment = { ...process.env, REDCLIFF_MONGO_IMAGE: '127.0.0.1:1/nobody/mongo:0' };
      expect(await dockerProvider({ pull: false, environment }).probe()).toMatchObject({
        available: false,
        reason: expect.stringContaining('does not have 127.0.0.1:1/nobody/mongo:0'),
        remedy: expect.stringContaining('docker pull'),
      });
      const others = await stackRemains();
      const starting = dockerProvider({ pull: true, environment }).start({
        folder: '.',
        seed: 's',
        signal: AbortSignal.timeout(60_000),
      });
      await expect(starting).rejects.toThrow(MissingPartError);
      await expect(starting).rejects.toMatchObject({
        exitStatus: 69,
        message: expect.stringContaining('127.0.0.1:1/nobody/mongo:0'),
        hint: expect.stringContaining('REDCLIFF_MONGO_IMAGE'),
      });
      expect(await stackRemains()).toEqual(others);
    });

    it(
      'ends with the reason when a container ends at once, and leaves nothing',
      { timeout: patienceMs },
      async () => {
        // Redis does not know how to be a MongoDB.
        const environment = { ...process.env, REDCLIFF_MONGO_IMAGE: imageOf('redis', process.env) };
        const others = await stackRemains();
        const folder = await mkdtemp(path.join(tmpdir(), 'redcliff-ended-'));
        const starting = dockerProvider({ pull: false, environment }).start({
          folder,
          seed: 's',
          signal: AbortSignal.timeout(patienceMs),
        });
        await expect(starting).rejects.toMatchObject({ code: 'stack_failed' });
        await rm(folder, { recursive: true });
        expect(await stackRemains()).toEqual(others);
      },
    );
  },
);
