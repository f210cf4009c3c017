/** A harness that has started a docker stack, has paused its Redis, and now waits for its end. */
import { systemClock } from '../../../clock.ts';
import { temporaryFolder } from '../../../process/temporary-folder.ts';
import { startWarden } from '../../../process/warden.ts';
import { dockerProvider } from '../docker-provider.ts';

await using warden = await startWarden();
await using folder = await temporaryFolder(warden, 'stand-in');
await using stack = await dockerProvider({ pull: false }).start({
  folder: folder.path,
  seed: 'stand-in',
  signal: AbortSignal.timeout(180_000),
});
await stack.pause('redis');
process.stdout.write('up\n');
await systemClock.sleep(600_000);
