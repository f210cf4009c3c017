/**
 * What a request lost because the machine had no processor for it. It crosses the client and one API process, whose timer ends it however
 * its other parts fare; so without that waiting it would have been shorter, by no more than both have waited meanwhile.
 */
import type { Evidence } from '../record/evidence.ts';

const clientName = 'k6';
const apiName = /^api-\d+$/;

/** Milliseconds; 0 where nothing was measured. Of the API processes the one that waited longest, for one alone served the request. */
export function starvedMs(evidence: Evidence, startedMs: number, endedMs: number): number {
  const waited = new Map<string, number>();
  for (const { fromMs, toMs, waitedMs } of evidence.processorWaits ?? []) {
    if (toMs < startedMs || fromMs > endedMs) continue;
    for (const [name, ms] of Object.entries(waitedMs)) waited.set(name, (waited.get(name) ?? 0) + ms);
  }
  const apis = [...waited].filter(([name]) => apiName.test(name)).map(([, ms]) => ms);
  return (waited.get(clientName) ?? 0) + Math.max(0, ...apis);
}
