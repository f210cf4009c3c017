/** A harness that has started a stack, has paused its Redis, and now waits for its end. Argument: the run's id. */
import { systemClock } from '../../clock.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startReaper } from '../../process/reaper.ts';
import { localProvider } from '../local-provider.ts';

const [, , runId = ''] = process.argv;
const environment = { ...process.env, REDCLIFF_MONGO: 'embedded', REDCLIFF_TOXIPROXY: 'embedded' };

await using reaper = await startReaper({ runId });
await using folder = await temporaryFolder(reaper, 'stand-in');
await using stack = await localProvider({ reaper, environment }).start({
  folder: folder.path,
  seed: 'stand-in',
  signal: AbortSignal.timeout(60_000),
});
await stack.pause('redis');
process.stdout.write('up\n');
await systemClock.sleep(600_000);
