/** Examines everything that a run needs or can use, and changes nothing. */
import { systemClock } from '../clock.ts';
import { packageFolder } from '../setup/own-files.mjs';
import { browser } from './checks/browser.ts';
import { clockResolution } from './checks/clock-resolution.ts';
import { disk } from './checks/disk.ts';
import { docker } from './checks/docker.ts';
import { k6 } from './checks/k6.ts';
import { machine } from './checks/machine.ts';
import { mongo } from './checks/mongo.ts';
import { node } from './checks/node.ts';
import { packages } from './checks/packages.ts';
import { ports } from './checks/ports.ts';
import { redis } from './checks/redis.ts';
import { toxiproxy } from './checks/toxiproxy.ts';
import type { Check, Finding, Surroundings } from './finding.ts';

export type { Finding } from './finding.ts';

/** In alphabetical order. */
const checks: readonly Check[] = [
  browser,
  clockResolution,
  disk,
  docker,
  k6,
  machine,
  mongo,
  node,
  packages,
  ports,
  redis,
  toxiproxy,
];

/** One after the other, so that none of them disturbs what another one measures. */
export async function diagnose(given: Partial<Surroundings> = {}): Promise<Finding[]> {
  const surroundings: Surroundings = {
    root: packageFolder,
    environment: process.env,
    clock: systemClock,
    ...given,
  };
  const findings: Finding[] = [];
  for (const check of checks) findings.push({ name: check.name, ...(await examine(check, surroundings)) });
  return findings;
}

/** A check that fails itself is a finding as well. */
async function examine(check: Check, surroundings: Surroundings): Promise<Omit<Finding, 'name'>> {
  try {
    return await check.run(surroundings);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { state: 'missing', detail: `could not be examined: ${words}`, remedy: 'see the message' };
  }
}
