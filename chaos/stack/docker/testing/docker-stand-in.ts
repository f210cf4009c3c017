/** A harness that has started a docker stack, has paused its Redis, and now waits for its end. */
import { systemClock } from '../../../clock.ts';
import { temporaryFolder } from '../../../process/temporary-folder.ts';
import { startReaper } from '../../../process/reaper.ts';
import { dockerProvider } from '../docker-provider.ts';

await using reaper = await startReaper();
await using folder = await temporaryFolder(reaper, 'stand-in');
await using stack = await dockerProvider({ pull: false }).start({
  folder: folder.path,
  seed: 'stand-in',
  signal: AbortSignal.timeout(180_000),
});
await stack.pause('redis');
process.stdout.write('up\n');
await systemClock.sleep(600_000);
