/** Load, system and stack share this machine; on a small machine the machine is measured instead of the target. */
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os';
import { type Check, ok, optional } from '../finding.ts';

const bytesPerGibibyte = 2 ** 30;
const fewestCpus = 2;
const leastFreeGibibytes = 1.5;

export const machine: Check = {
  name: 'machine',
  run: async () => {
    const count = availableParallelism();
    const freeGibibytes = freemem() / bytesPerGibibyte;
    const model = cpus()[0]?.model.trim() ?? 'unknown processor';
    const memory = `${freeGibibytes.toFixed(1)} of ${(totalmem() / bytesPerGibibyte).toFixed(1)} GiB free`;
    const detail = `${platform()} ${arch()}, ${count} × ${model}, ${memory}`;
    if (count >= fewestCpus && freeGibibytes >= leastFreeGibibytes) return ok(detail);
    return optional(
      `${detail}: thresholds may be crossed because of that`,
      `use a machine with ${fewestCpus} processors and ${leastFreeGibibytes} GiB of free memory or more`,
    );
  },
};
