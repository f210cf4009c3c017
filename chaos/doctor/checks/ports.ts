/** The servers of a local stack listen on ports of this machine. */
import { freePort } from '../../stack/free-port.ts';
import { type Check, ok } from '../finding.ts';

/** Redis, MongoDB, Toxiproxy and its two proxies. */
const needed = 5;

export const ports: Check = {
  name: 'ports',
  run: async () => {
    const found: number[] = [];
    while (found.length < needed) found.push(await freePort());
    return ok(`free on 127.0.0.1: ${found.join(', ')}`);
  },
};
