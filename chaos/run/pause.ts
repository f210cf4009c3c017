/** Pauses a run at a fault, with everything up, until Enter is pressed. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { CellContext, Site } from './cell-context.ts';
import { withoutSecrets } from '../stack/external/secrets.ts';

export interface PauseOptions {
  /** Name of the fault after which the run is held. */
  readonly fault: string;
  readonly input: Readable;
  readonly signal: AbortSignal;
  write(text: string): void;
}

/** The hold of a cell; see `CellContext`. Rejects with the signal's reason when it is aborted meanwhile. */
export function pauseAt({ fault, input, signal, write }: PauseOptions): NonNullable<CellContext['hold']> {
  return async (planned, site) => {
    if (planned.fault.name !== fault) return;
    write(`${describeSite(fault, site)}\n`);
    write('Press Enter to continue, Ctrl-C to end the run\n');
    const answered = await lineOf(input, signal);
    write(answered ? 'Continuing\n' : 'The input is closed, so Enter cannot be pressed: continuing\n');
  };
}

export function describeSite(fault: string, { stack, baseUrls, folder }: Site): string {
  const { redis, mongo, toxiproxyApi, proxyNames } = stack.endpoints;
  return [
    `Paused at ${fault}; the load continues to its end, and the rest of the timeline waits.`,
    ...baseUrls.map((url) => `  target             ${url}`),
    `  Redis, directly    ${withoutSecrets(redis.direct)}`,
    `  Redis, proxied     ${withoutSecrets(redis.proxied)}`,
    `  MongoDB, directly  ${withoutSecrets(mongo.direct)}`,
    `  MongoDB, proxied   ${withoutSecrets(mongo.proxied)}`,
    `  Toxiproxy          ${toxiproxyApi} (proxies ${proxyNames.redis} and ${proxyNames.mongo})`,
    `  Logs               ${folder}/logs`,
  ].join('\n');
}

/** True for a line, false when the input has ended. */
async function lineOf(input: Readable, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input });
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  try {
    return await Promise.race([
      once(lines, 'line', { signal: either }).then(() => true),
      once(lines, 'close', { signal: either }).then(() => false),
    ]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    settled.abort();
    lines.close();
    input.pause();
  }
}
