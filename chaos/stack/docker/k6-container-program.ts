/**
 * Stands for k6 as a process of this machine while the real one runs in a container: same arguments, same output, same exit status.
 * However it ends, the container is removed, by the container reaper when it cannot do so itself. Argument: JSON of a `K6ContainerRequest`.
 */
import '../../disposable-stacks.ts';
import { z } from 'zod';
import { systemClock as clock } from '../../clock.ts';
import { newRunId } from '../../process/run-id.ts';
import { askEngine, followOutput } from './engine-api.ts';
import type { K6ContainerRequest } from './k6-container.ts';
import { startContainerReaper } from './container-reaper.ts';
import { stackLabel } from './stack-label.ts';

const requestSchema: z.ZodType<K6ContainerRequest> = z.object({
  engine: z.union([z.object({ socketPath: z.string() }), z.object({ host: z.string(), port: z.int() })]),
  image: z.string(),
  user: z.object({ uid: z.int(), gid: z.int() }),
  args: z.array(z.string()),
  mounts: z.array(z.object({ path: z.string(), readOnly: z.boolean() })),
});
const failedStatus = 70;
/** As of a process that SIGTERM has ended. */
const endedStatus = 143;

async function run({ engine, image, user, args, mounts }: K6ContainerRequest): Promise<number> {
  const label = newRunId();
  await using _reaper = await startContainerReaper(engine, `${stackLabel}=${label}`, clock);
  // The harness asks for the end when it has no more use for the load: there is nothing to be finished.
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => asked.abort());
  const created = await askEngine(engine, {
    method: 'POST',
    path: '/containers/create',
    body: {
      Image: image,
      Cmd: args,
      User: `${user.uid}:${user.gid}`,
      Env: ['K6_NO_USAGE_REPORT=true'],
      Labels: { [stackLabel]: label },
      HostConfig: {
        NetworkMode: 'host',
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        LogConfig: { Type: 'json-file' },
        Mounts: mounts.map((mount) => ({
          Type: 'bind',
          Source: mount.path,
          Target: mount.path,
          ReadOnly: mount.readOnly,
        })),
      },
    },
  });
  const { Id: id } = z.object({ Id: z.string() }).parse(created);
  if (asked.signal.aborted) return endedStatus;
  await askEngine(engine, { method: 'POST', path: `/containers/${id}/start` });
  const kill = (): void =>
    void askEngine(engine, { method: 'POST', path: `/containers/${id}/kill` }).catch(() => undefined);
  if (asked.signal.aborted) kill();
  else asked.signal.addEventListener('abort', kill, { once: true });
  await followOutput(engine, id, process);
  const ended = await askEngine(engine, { method: 'POST', path: `/containers/${id}/wait` });
  return z.object({ StatusCode: z.int() }).parse(ended).StatusCode;
}

try {
  process.exitCode = await run(requestSchema.parse(JSON.parse(process.argv[2] ?? '')));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = failedStatus;
}
