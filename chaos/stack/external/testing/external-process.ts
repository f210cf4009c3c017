/**
 * An external stack as a process of its own, since a certificate authority is trusted from the start of a process or not at all.
 * Arguments: addresses of Redis, MongoDB and Toxiproxy. Prints what came of it as JSON.
 */
import { tmpdir } from 'node:os';
import { systemClock } from '../../../clock.ts';
import { keyMatcher } from '../../../observe/key-patterns.ts';
import { parseExternalAddresses } from '../addresses.ts';
import { externalProvider } from '../external-provider.ts';

const ownsKey = keyMatcher(undefined);

const [, , redis, mongo, toxiproxy] = process.argv;
const addresses = parseExternalAddresses({ redis, mongo, toxiproxy });
try {
  await using stack = await externalProvider({ addresses, clock: systemClock, ownsKey }).start({
    folder: tmpdir(),
    seed: 'external',
    signal: AbortSignal.timeout(30_000),
  });
  await stack.empty('redcliff_tls');
  console.log(JSON.stringify({ proxied: stack.endpoints.redis.proxied }));
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
}
