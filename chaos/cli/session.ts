/** What every command that starts a stack needs: the reaper, the signal handlers, the provider, and the display. */
import { type Clock, systemClock } from '../clock.ts';
import { keyMatcher } from '../observe/key-patterns.ts';
import { listenForInterruption } from '../process/interruption.ts';
import { startReaper } from '../process/reaper.ts';
import { checkTemporaryFolders } from '../process/temporary-folder.ts';
import type { CampaignHost } from '../run/campaign.ts';
import type { K6Program } from '../run/k6-program.ts';
import type { Capability } from '../stack/contract.ts';
import { selectProvider } from '../stack/select-provider.ts';
import { buildTarget } from '../target/build.ts';
import { checkScripts, type LoadedTarget } from '../target/load-config.ts';
import { stackChoiceOf, type StackFlags } from './options.ts';
import { type Display, showProgress } from './progress.ts';

export interface Session extends AsyncDisposable {
  readonly host: CampaignHost;
  readonly display: Display;
  note(line: string): void;
}

export interface SessionOptions {
  readonly flags: StackFlags & { readonly quiet?: boolean };
  readonly target: LoadedTarget;
  readonly k6: K6Program | null;
  /** Of each cell that is to run. */
  readonly needs: readonly (readonly Capability[])[];
  readonly clock?: Clock;
}

/** Throws UsageError and MissingPartError; then nothing is left open. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { flags, target, k6, needs, clock = systemClock } = options;
  checkScripts(target);
  await checkTemporaryFolders();
  await using made = new AsyncDisposableStack();
  const display = made.use(showProgress(process.stderr, clock, flags.quiet === true));
  const note = (line: string): void => display.note(line);
  const reaper = made.use(await startReaper({ clock }));
  const interruption = made.use(
    listenForInterruption({
      source: process,
      killEverything: () => reaper.killEverything(),
      exit: (status) => process.exit(status),
    }),
  );
  const ownsKey = keyMatcher(target.state?.keys);
  const signal = AbortSignal.any([interruption.signal, reaper.lost]);
  await buildTarget(target, signal);
  const provider = await selectProvider({ ...stackChoiceOf(flags), ownsKey, reaper, clock, note, needs });
  const owned = made.move();
  return {
    host: { target, provider, reaper, clock, signal, k6 },
    display,
    note,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
