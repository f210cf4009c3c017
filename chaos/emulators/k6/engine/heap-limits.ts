/**
 * Many VUs that wait make much young garbage survive, and V8 answers by growing both generations far beyond what they
 * need: live data is some 20 kB a VU. From some hundreds of VUs on they are kept small: a third less memory for a few
 * more collections.
 */
import { setFlagsFromString } from 'node:v8';

const manyVus = 500;

export function limitHeapFor(vus: number): void {
  if (vus < manyVus) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
