/** What every command that starts a stack has open: the warden, the ear for signals, and the provider that was asked for. */
import type { Clock } from '../clock.ts';
import { listenForInterruption } from '../process/interruption.ts';
import { startWarden, type Warden } from '../process/warden.ts';
import type { Capability, StackProvider } from '../stack/contract.ts';
import { selectProvider } from '../stack/select-provider.ts';
import { stackChoiceOf, type StackFlags } from './stack-options.ts';

export interface HarnessSession extends AsyncDisposable {
  readonly warden: Warden;
  /** Aborted by Ctrl-C and its kin, and when the warden is lost. */
  readonly signal: AbortSignal;
  readonly provider: StackProvider;
}

/** `needs` of each cell that is to be run. Throws UsageError and MissingPartError; then nothing is left open. */
export async function openHarnessSession(
  flags: StackFlags,
  clock: Clock,
  note: (line: string) => void,
  needs: readonly (readonly Capability[])[] = [],
): Promise<HarnessSession> {
  await using made = new AsyncDisposableStack();
  const warden = made.use(await startWarden({ clock }));
  const interruption = made.use(
    listenForInterruption({
      source: process,
      killEverything: () => warden.killEverything(),
      exit: (status) => process.exit(status),
    }),
  );
  const provider = await selectProvider({
    ...stackChoiceOf(flags),
    warden,
    clock,
    note,
    needs,
  });
  const owned = made.move();
  return {
    warden,
    signal: AbortSignal.any([interruption.signal, warden.lost]),
    provider,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
