/** The stack on which a command runs one cell after the other, and what it shows meanwhile. */
import { systemClock } from '../clock.ts';
import type { K6Program } from '../experiment/k6-program.ts';
import type { LaneProgress } from '../experiment/run-cells.ts';
import { silentProgress } from '../experiment/run-context.ts';
import type { Warden } from '../process/warden.ts';
import { openTestStand, type TestStand } from '../reproduce/test-stand.ts';
import type { Capability } from '../stack/contract.ts';
import { openHarnessSession } from './harness-session.ts';
import { showProgress } from './progress.ts';
import type { StackFlags } from './stack-options.ts';

export interface OpenStand {
  readonly stand: TestStand;
  readonly lane: LaneProgress;
  readonly warden: Warden;
  readonly signal: AbortSignal;
  note(line: string): void;
}

export interface StandSetting {
  readonly flags: StackFlags & { readonly quiet?: boolean };
  readonly k6: K6Program | null;
  /** Takes the runs. */
  readonly folder: string;
  readonly seed: string;
  /** Of each cell that is to be run. */
  readonly needs: readonly (readonly Capability[])[];
  /** Command of redcliff that does all of it again. */
  readonly command: string;
  /** Stages of dozens of cells would bury their results; a terminal shows them in its one living line. */
  readonly stages: 'always' | 'on a terminal';
}

export async function onTestStand<Result>(
  setting: StandSetting,
  work: (open: OpenStand) => Promise<Result>,
): Promise<Result> {
  const { flags, k6, folder, seed } = setting;
  const clock = systemClock;
  using display = showProgress(process.stderr, clock, flags.quiet === true);
  const note = (line: string): void => display.note(line);
  await using session = await openHarnessSession(flags, clock, note, setting.needs);
  const { warden, signal, provider } = session;
  const lane = display.lane();
  const progress = setting.stages === 'always' || process.stderr.isTTY === true ? lane : silentProgress;
  const command = `npm run redcliff -- ${setting.command}`;
  await using stand = await openTestStand({
    provider,
    seed,
    folder,
    command,
    clock,
    warden,
    signal,
    k6,
    progress,
  });
  display.stackStarted(stand.stack);
  return await work({ stand, lane, warden, signal, note });
}
